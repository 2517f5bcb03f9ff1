import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Graph } from "../graph/schema";
import type { MemoryRun } from "./memory-host";
import { graphOf, randomEdges, randomPart } from "./testing/random-graph";
import { posted, sketch } from "./testing/registry";
import { planOf, resumeSketch, taken } from "./testing/resume";
import { outputOf, runSketch } from "./testing/run";

beforeEach(() => {
  posted.length = 0;
});

const change = (graph: Graph, name: string, over: object): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => (node.id === name ? { ...node, ...over } : node)),
});
const does = (plan: ReturnType<typeof planOf>) => Object.fromEntries(plan.visits.map((visit) => [visit.key, visit.does]));

//  Start ─> A ─> Send ─> Broken ─> After
const line = sketch({ Start: { type: "start" }, A: {}, Send: { type: "post" }, Broken: { type: "fail" }, After: {} }, [
  "Start -> A",
  "A -> Send",
  "Send -> Broken",
  "Broken -> After",
]);

describe("resuming an execution", () => {
  it("runs the step that failed and what follows, and nothing that was done", async () => {
    const failed = await runSketch(line, [{ n: 1 }, { n: 2 }]);
    expect([failed.status, posted.length]).toEqual(["failed", 2]);
    const fixed = change(line, "Broken", { type: "mark" });
    expect(does(planOf(line, failed, fixed))).toEqual({ "Start#0": "reuse", "A#0": "reuse", "Send#0": "reuse", "Broken#0": "run" });
    expect(planOf(line, failed, fixed).following.map(({ nodeName }) => nodeName)).toEqual(["After"]);
    const resumed = await resumeSketch(line, failed, fixed, { items: [{ n: 1 }, { n: 2 }] });
    expect(resumed.status).toBe("succeeded");
    expect(taken(resumed)).toEqual({ earlier: ["Start#0", "A#0", "Send#0"], ran: ["Broken#0", "After#0"] });
    expect(outputOf(resumed, "After#0")).toEqual([
      { n: 1, to: null, sent: 2, by: "After" },
      { n: 2, to: null, sent: 2, by: "After" },
    ]);
    expect(posted).toHaveLength(2);
  });

  it("carries the idempotency key on for what is asked once more as it was, and takes a new one for what is another question", async () => {
    const graph = sketch({ Start: { type: "start" }, Send: { type: "post", parameters: { to: "={{ $('Nobody').first().json.at }}" } } }, [
      "Start -> Send",
    ]);
    const failed = await runSketch(graph);
    expect(failed.status).toBe("failed");
    await resumeSketch(graph, failed, change(graph, "Send", { parameters: { to: "me" } }));
    expect(posted).toEqual(["exec_test:Send#0:0"]);

    const shut = sketch({ Start: { type: "start" }, Send: { type: "post" } }, ["Start -> Send"]);
    const run = await runSketch(shut);
    const cut = { ...run, steps: run.steps.map((step) => (step.key === "Send#0" ? { ...step, status: "cancelled" as const } : step)) };
    posted.length = 0;
    await resumeSketch(shut, cut, shut);
    expect(posted).toEqual(["earlier:Send#0:0"]);
  });

  it("says of a write that was cut off that it may have taken effect, and of what changes nothing only that it runs", async () => {
    const run = await runSketch(line, [{ n: 1 }]);
    const planned = (key: string, now = line) =>
      planOf(
        line,
        { ...run, steps: run.steps.map((step) => (step.key === key ? { ...step, status: "cancelled" as const } : step)) },
        now,
      ).visits.find((visit) => visit.key === key);
    expect(planned("Send#0")).toMatchObject({ does: "run", reason: { kind: "cut-off" }, mayHaveHappened: true, isRepeated: false });
    expect(planned("Send#0", change(line, "Send", { parameters: { to: "me" } }))).toMatchObject({ reason: { kind: "cut-off" } });
    expect(planned("A#0")).toMatchObject({ does: "run", reason: { kind: "unfinished" }, mayHaveHappened: false });
  });

  it("runs a node again that changed, and those after it only when it gives something else", async () => {
    const graph = sketch({ Start: { type: "start" }, A: {}, B: {}, C: { type: "fail" } }, ["Start -> A", "A -> B", "B -> C"]);
    const failed = await runSketch(graph, [{ n: 1 }]);
    const same = change(change(graph, "C", { type: "mark" }), "A", { parameters: { set: { n: 1 } } });
    expect(does(planOf(graph, failed, same))).toEqual({ "Start#0": "reuse", "A#0": "run", "B#0": "maybe", "C#0": "run" });
    expect(taken(await resumeSketch(graph, failed, same, { items: [{ n: 1 }] })).earlier).toEqual(["Start#0", "B#0"]);
    const other = change(same, "A", { parameters: { set: { n: 2 } } });
    const resumed = await resumeSketch(graph, failed, other, { items: [{ n: 1 }] });
    expect(taken(resumed).earlier).toEqual(["Start#0"]);
    expect(outputOf(resumed, "C#0")).toEqual([{ n: 2, by: "C" }]);
  });

  it("runs a node again that reads by name what changed", async () => {
    const graph = sketch(
      { Start: { type: "start" }, A: {}, B: { parameters: { set: { a: "={{ $('A').first().json.v }}" } } }, Side: {}, C: { type: "fail" } },
      ["Start -> A", "A -> Side", "Side -> B", "B -> C"],
    );
    const failed = await runSketch(graph);
    const changed = change(change(graph, "C", { type: "mark" }), "A", { parameters: { set: { v: 2 } } });
    const resumed = await resumeSketch(graph, failed, changed);
    expect(outputOf(resumed, "C#0")).toEqual([{ v: 2, a: 2, by: "C" }]);
  });

  it("does not mind where nodes stand and what they are called", async () => {
    const graph = sketch(
      { Start: { type: "start" }, A: {}, B: { parameters: { set: { a: "={{ $('A').first().json.n }}" } } }, C: { type: "fail" } },
      ["Start -> A", "A -> B", "B -> C"],
    );
    const failed = await runSketch(graph, [{ n: 1 }]);
    const renamed = change(
      change(change(graph, "C", { type: "mark" }), "A", { name: "Orders", position: { x: 9, y: 9 }, notes: "moved" }),
      "B",
      {
        parameters: { set: { a: "={{ $('Orders').first().json.n }}" } },
      },
    );
    expect(does(planOf(graph, failed, renamed))).toEqual({ "Start#0": "reuse", "A#0": "reuse", "B#0": "reuse", "C#0": "run" });
  });
});

//  Start ─> Loop ─(again)─> Make ─> Send ─> Check ─┐       Check breaks in the third round
//             ^─────────────────────────────────────┘
const rounds = (check: object): Graph =>
  sketch(
    { Start: { type: "start" }, Loop: { type: "loop", parameters: { times: 5 } }, Make: {}, Send: { type: "post" }, Check: check, End: {} },
    ["Start -> Loop", "Loop.again -> Make", "Make -> Send", "Send -> Check", "Check -> Loop", "Loop.done -> End"],
  );
const breaking = { parameters: { set: { ok: "={{ $runIndex === 2 ? $('Nobody').first().json.at : $runIndex }}" } } };

describe("resuming inside of a loop", () => {
  it("does what was sent in earlier rounds not again, though the node that was mended is in each of them", async () => {
    const then = rounds(breaking);
    const failed = await runSketch(then, [{ n: 1 }]);
    expect([failed.status, posted.length]).toEqual(["failed", 3]);
    const now = rounds({ parameters: { set: { ok: "={{ $runIndex }}" } } });
    const plan = planOf(then, failed, now);
    expect(plan.visits.filter(({ nodeId }) => nodeId === "Send").map((visit) => visit.does)).toEqual(["reuse", "keep", "keep"]);
    const resumed = await resumeSketch(then, failed, now, { items: [{ n: 1 }] });
    expect(resumed.status).toBe("succeeded");
    // Three of before, and those of rounds four and five.
    expect(posted).toHaveLength(5);
    expect(taken(resumed).earlier).toEqual(expect.arrayContaining(["Send#0", "Send#1", "Send#2", "Loop#1", "Loop#2"]));
    expect(outputOf(resumed, "End#0")[0]).toMatchObject({ n: 1, ok: 4, sent: 5 });
  });

  it("repeats what was sent when it is told to, and only where its input is another one", async () => {
    const then = rounds(breaking);
    const failed = await runSketch(then, [{ n: 1 }]);
    const now = rounds({ parameters: { set: { ok: "={{ $runIndex + 10 }}" } } });
    const plan = planOf(then, failed, now, false);
    expect(plan.visits.filter((visit) => visit.isRepeated && visit.effect === "write").map(({ key }) => key)).toEqual(["Send#1", "Send#2"]);
    await resumeSketch(then, failed, now, { items: [{ n: 1 }], keepWrites: false });
    expect(posted).toHaveLength(3 + 4);
  });

  it("sends again where another number of items comes in", async () => {
    const graph = sketch({ Start: { type: "start" }, Pick: { type: "split" }, Send: { type: "post" }, Broken: { type: "fail" } }, [
      "Start -> Pick",
      "Pick.even -> Send",
      "Send -> Broken",
    ]);
    const items = [{ n: 2 }, { n: 3 }];
    const failed = await runSketch(graph, items);
    const now = change(change(graph, "Broken", { type: "mark" }), "Pick", { type: "mark" });
    const rewired = { ...now, edges: now.edges.map((edge) => (edge.source === "Pick" ? { ...edge, sourceHandle: "main" } : edge)) };
    expect(planOf(graph, failed, rewired).visits.find(({ key }) => key === "Send#0")).toBeDefined();
    await resumeSketch(graph, failed, rewired, { items });
    expect(posted).toHaveLength(1 + 2);
  });
});

describe("a resumed execution", () => {
  const nodeOf = randomPart(["mark", "mark", "mark", "split", "drop", "merge", "loop", "fail"]);
  const has = (run: MemoryRun, key: string) => run.steps.some((step) => step.key === key && step.status === "succeeded");

  it("of pure steps gives in every step what a run anew gives", async () => {
    let resumes = 0;
    let reused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(nodeOf, { minLength: 6, maxLength: 6 }),
        randomEdges,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), nodeOf), { minLength: 1, maxLength: 3 }),
        fc.option(randomEdges, { nil: undefined, freq: 4 }),
        async (parts, edges, edits, otherEdges) => {
          const items = [{ n: 1 }, { n: 2 }];
          const then = graphOf(parts, edges);
          const changed = [...parts];
          for (const [index, part] of edits) changed[index] = part;
          const now = graphOf(changed, otherEdges ?? edges);
          const first = await runSketch(then, items, { maxVisits: 40 });
          const fresh = await runSketch(now, items, { maxVisits: 40 });
          const resumed = await resumeSketch(then, first, now, { items, maxVisits: 40 });
          expect(resumed.status).toBe(fresh.status);
          // What else was under way when a step failed is a matter of time.
          const both = (run: typeof fresh, other: typeof fresh) =>
            run.steps
              .filter(({ key, status }) => status === "succeeded" && (run.status === "succeeded" || has(other, key)))
              .map(({ key, outputs }) => ({ key, outputs }))
              .sort((a, b) => (a.key < b.key ? -1 : 1));
          expect(both(resumed, fresh)).toEqual(both(fresh, resumed));
          expect(resumed.lastKey).toBe(fresh.lastKey);
          resumes++;
          reused += taken(resumed).earlier.length;
        },
      ),
      { numRuns: 400 },
    );
    expect(resumes).toBeGreaterThan(300);
    expect(reused).toBeGreaterThan(resumes);
  });
});
