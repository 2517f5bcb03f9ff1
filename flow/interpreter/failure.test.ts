import { describe, expect, it } from "vitest";
import { sketch } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

type Settings = NonNullable<Parameters<typeof sketch>[0][string]["settings"]>;

//  Start ─> Fail ─ main ──> Next
//             └─ error ──> Rescue
const failing = (settings: Settings, parameters = {}) =>
  sketch({ Start: { type: "start" }, Fail: { type: "fail", settings, parameters }, Next: { at: [2, 0] }, Rescue: { at: [2, 100] } }, [
    "Start -> Fail",
    "Fail -> Next",
    "Fail.error -> Rescue",
  ]);

describe("a failing node", () => {
  it("stops the execution, which says where and why", async () => {
    const run = await runSketch(failing({}, { message: "no such order" }));
    expect(run).toMatchObject({ status: "failed", error: { nodeName: "Fail", message: "no such order" } });
    expect(run.steps.map((step) => step.key)).toEqual(["Start#0", "Fail#0"]);
  });

  it("is tried again as often as its policy says", async () => {
    const run = await runSketch(failing({ retry: { maxAttempts: 3, waitMs: 0, backoff: "fixed" } }, { until: 3 }));
    expect(run.status).toBe("succeeded");
    expect(run.steps.find((step) => step.key === "Fail#0")).toMatchObject({ attempts: 3, status: "succeeded" });
  });

  it("waits longer before each attempt when its backoff is exponential", async () => {
    const waits: number[] = [];
    await runSketch(failing({ retry: { maxAttempts: 4, waitMs: 100, backoff: "exponential" } }), [{}], {
      now: () => 0,
      sleepUntil: async (until) => {
        waits.push(until.getTime());
      },
    });
    expect(waits).toEqual([100, 200, 400]);
  });

  it("passes its input on when it continues, and says what happened", async () => {
    const run = await runSketch(failing({ onError: "continue" }), [{ order: 1 }]);
    expect(run.status).toBe("succeeded");
    expect(outputOf(run, "Next#0")).toEqual([{ order: 1, by: "Next" }]);
    expect(run.steps.find((step) => step.key === "Fail#0")?.error?.message).toBe("broken");
  });

  it("sends its input with the error out of the error output", async () => {
    const run = await runSketch(failing({ onError: "errorOutput" }), [{ order: 1 }]);
    expect(outputOf(run, "Rescue#0")).toEqual([{ order: 1, error: "broken", by: "Rescue" }]);
    expect(run.steps.some((step) => step.nodeId === "Next")).toBe(false);
  });
});

describe("settings of a node", () => {
  it("disabled: passes items through", async () => {
    const run = await runSketch({ ...failing({}), nodes: failing({}).nodes.map((node) => ({ ...node, disabled: node.id === "Fail" })) }, [
      { a: 1 },
    ]);
    expect(outputOf(run, "Next#0")).toEqual([{ a: 1, by: "Next" }]);
  });

  it("alwaysOutputData: one empty item where there are none", async () => {
    const run = await runSketch(
      sketch({ Start: { type: "start" }, Drop: { type: "drop", settings: { alwaysOutputData: true } }, Next: {} }, [
        "Start -> Drop",
        "Drop -> Next",
      ]),
    );
    expect(outputOf(run, "Next#0")).toEqual([{ by: "Next" }]);
  });

  it("executeOnce: sees the first item only", async () => {
    const run = await runSketch(sketch({ Start: { type: "start" }, Once: { settings: { executeOnce: true } } }, ["Start -> Once"]), [
      { n: 1 },
      { n: 2 },
    ]);
    expect(outputOf(run, "Once#0")).toEqual([{ n: 1, by: "Once" }]);
  });

  it("a branch without items does not run", async () => {
    const run = await runSketch(sketch({ Start: { type: "start" }, Drop: { type: "drop" }, Next: {} }, ["Start -> Drop", "Drop -> Next"]));
    expect(run.status).toBe("succeeded");
    expect(run.steps.map((step) => step.key)).toEqual(["Start#0", "Drop#0"]);
  });

  it("an unknown type fails with a message that names it", async () => {
    const run = await runSketch(sketch({ Start: { type: "start" }, Odd: { type: "teleport" } }, ["Start -> Odd"]));
    expect(run).toMatchObject({ status: "failed", error: { nodeName: "Odd", message: expect.stringContaining('"teleport"') } });
  });
});
