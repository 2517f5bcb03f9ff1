import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sketch } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

const keys = (run: { steps: { key: string }[] }) => run.steps.map((step) => step.key);

describe("order of visits", () => {
  //            ┌─> Top ──> After top
  //  Start ────┤
  //            └─> Bottom
  it("takes the topmost branch first, whole", async () => {
    const run = await runSketch(
      sketch({ Start: { type: "start" }, Bottom: { at: [1, 100] }, Top: { at: [1, 0] }, "After top": { at: [2, 500] } }, [
        "Start -> Bottom",
        "Start -> Top",
        "Top -> After top",
      ]),
    );
    expect(run.status).toBe("succeeded");
    expect(run.lastKey).toBe("Bottom#0");
    expect(keys(run)).toEqual(expect.arrayContaining(["Top#0", "After top#0", "Bottom#0"]));
  });

  //            ┌─> Slow (top) ─┐
  //  Start ────┤               ├─> Join (one input, two edges)
  //            └─> Fast ───────┘
  it("numbers the runs of a shared node by the canvas, not by who was faster", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const graph = sketch(
      {
        Start: { type: "start" },
        Slow: { type: "sleep", at: [1, 0], parameters: { until: "2020-01-01T00:00:00Z" } },
        Fast: { at: [1, 100], parameters: { set: { from: "fast" } } },
        Join: { at: [2, 0] },
      },
      ["Start -> Slow", "Start -> Fast", "Slow -> Join", "Fast -> Join"],
    );
    const running = runSketch(graph, [{}], { sleepUntil: () => gate });
    // The other branch waits for nothing: by the next turn it has ended.
    setImmediate(release);
    const run = await running;
    expect(outputOf(run, "Join#0")).toEqual([{ by: "Join" }]);
    expect(outputOf(run, "Join#1")).toEqual([{ from: "fast", by: "Join" }]);
  });

  //            ┌─> Wait (for ever)
  //  Start ────┤
  //            └─> Work ─> More work
  it("lets a branch go on beside one that waits", async () => {
    const run = await runSketch(
      sketch({ Start: { type: "start" }, Wait: { type: "ask", at: [1, 0] }, Work: { at: [1, 100] }, More: { at: [2, 100] } }, [
        "Start -> Wait",
        "Start -> Work",
        "Work -> More",
      ]),
    );
    expect(run.status).toBe("waiting");
    expect(run.steps.map(({ key, status }) => `${key} ${status}`)).toEqual([
      "Start#0 succeeded",
      "Wait#0 waiting",
      "Work#0 succeeded",
      "More#0 succeeded",
    ]);
  });

  //            ┌─> Wait ─> Told
  //  Start ────┤
  //            └─> Reader (reads $('Told'))
  it("holds a node back while one that its expressions read may still run before it", async () => {
    const graph = sketch(
      {
        Start: { type: "start" },
        Wait: { type: "ask", at: [1, 0] },
        Told: { at: [2, 0] },
        Reader: { at: [1, 100], parameters: { set: { saw: "={{ $('Told').first().json.by }}" } } },
      },
      ["Start -> Wait", "Wait -> Told", "Start -> Reader"],
    );
    expect(keys(await runSketch(graph))).not.toContain("Reader#0");
    const run = await runSketch(graph, [{}], { events: new Map([["exec_test:Wait#0", { approved: true }]]) });
    expect(outputOf(run, "Reader#0")).toEqual([{ saw: "Told", by: "Reader" }]);
  });

  it("gives the same results whatever the timing of its steps", async () => {
    //            ┌─> A (sleeps) ─┐
    //  Start ────┼─> B (sleeps) ─┼─> Join ─> Merge.a
    //            └─> C (sleeps) ─┴────────> Merge.b
    const graph = sketch(
      {
        Start: { type: "start" },
        A: { type: "sleep", at: [1, 0], parameters: { until: "2020-01-01T00:00:00Z" } },
        B: { type: "sleep", at: [1, 100], parameters: { until: "2020-01-01T00:00:00Z" } },
        C: { type: "sleep", at: [1, 200], parameters: { until: "2020-01-01T00:00:00Z" } },
        A2: { at: [2, 0], parameters: { set: { a: "={{ $runIndex }}" } } },
        B2: { at: [2, 100], parameters: { set: { b: 1 } } },
        C2: { at: [2, 200], parameters: { set: { c: 1 } } },
        Join: { at: [3, 50], parameters: { set: { run: "={{ $runIndex }}" } } },
        Merge: { type: "merge", at: [4, 50] },
      },
      [
        "Start -> A",
        "Start -> B",
        "Start -> C",
        "A -> A2",
        "B -> B2",
        "C -> C2",
        "A2 -> Join",
        "B2 -> Join",
        "C2 -> Join",
        "Join -> Merge.a",
        "C2 -> Merge.b",
      ],
    );
    const picture = (run: Awaited<ReturnType<typeof runSketch>>) =>
      Object.fromEntries(run.steps.map((step) => [step.key, step.outputs]).sort(([a], [b]) => String(a).localeCompare(String(b))));
    const straight = picture(await runSketch(graph, [{ n: 1 }]));
    expect(Object.keys(straight)).toContain("Join#2");
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const running = runSketch(graph, [{ n: 1 }], { sleepUntil: () => scheduler.schedule(Promise.resolve()) });
        const run = await scheduler.waitFor(running);
        expect(picture(run)).toEqual(straight);
      }),
      { numRuns: 50 },
    );
  });
});
