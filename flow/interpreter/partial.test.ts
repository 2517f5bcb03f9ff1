import { describe, expect, it } from "vitest";
import type { FrozenGraph, Graph } from "../graph/schema";
import { indexGraph } from "../graph/traverse";
import type { Outputs } from "../item";
import { reusableNodes } from "./partial";
import { prepareGraph } from "./prepare";
import { sketch, testRegistry } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

const upTo = (graph: Graph, destination: string): FrozenGraph => ({ ...graph, partial: { destination } });
const keys = (run: { steps: { key: string }[] }) => run.steps.map(({ key }) => key);
const pin = (graph: Graph, name: string, ...items: object[]): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => (node.name === name ? { ...node, pinned: items.map((json) => ({ json: json as never })) } : node)),
});

//  Start ─┬─> A ─> B ─> C
//         └─> Other
const line = sketch({ Start: { type: "start" }, A: {}, B: {}, C: {}, Other: { type: "fail", at: [0, 200] } }, [
  "Start -> A",
  "A -> B",
  "B -> C",
  "Start -> Other",
]);

describe("an execution for one node", () => {
  it("runs what leads to it, and nothing after or beside it", async () => {
    const run = await runSketch(upTo(line, "B"), [{ n: 1 }]);
    expect(run.status).toBe("succeeded");
    expect(keys(run)).toEqual(["Start#0", "A#0", "B#0"]);
    expect(run.lastKey).toBe("B#0");
  });

  it("starts at pinned nodes: what is before them does not run", async () => {
    const run = await runSketch(upTo(pin(line, "A", { n: 7 }), "B"));
    expect(keys(run)).toEqual(["A#0", "B#0"]);
    expect(outputOf(run, "B#0")).toEqual([{ n: 7, by: "B" }]);
  });

  //  Start ─> A (pinned) ─┐
  //  Start ─> B (pinned) ─┴> M
  it("starts at several pinned nodes", async () => {
    const graph = sketch({ Start: { type: "start" }, A: {}, B: {}, M: { type: "merge" } }, [
      "Start -> A",
      "Start -> B",
      "A -> M.a",
      "B -> M.b",
    ]);
    const run = await runSketch(upTo(pin(pin(graph, "A", { a: 1 }), "B", { b: 2 }), "M"));
    expect(keys(run).sort()).toEqual(["A#0", "B#0", "M#0"]);
    expect(outputOf(run, "M#0")).toEqual([{ a: 1 }, { b: 2 }]);
  });

  //  Start ─> A ─> B (pinned) ─> C reads A
  it("runs what it reads by name, though a pinned node lies between", async () => {
    const graph = pin(
      sketch({ Start: { type: "start" }, A: {}, B: {}, C: { parameters: { set: { a: "={{ $('A').first().json.n }}" } } } }, [
        "Start -> A",
        "A -> B",
        "B -> C",
      ]),
      "B",
      { pinned: true },
    );
    const run = await runSketch(upTo(graph, "C"), [{ n: 5 }]);
    expect(keys(run)).toEqual(["Start#0", "A#0", "B#0", "C#0"]);
    expect(outputOf(run, "C#0")).toEqual([{ pinned: true, a: 5, by: "C" }]);
  });

  //  Start ─> L ─(again)─> A ─> B ─┐
  //           ^────────────────────┘
  it("goes round a loop that it is in only until it comes there", async () => {
    const graph = sketch({ Start: { type: "start" }, L: { type: "loop", parameters: { times: 3 } }, A: {}, B: {} }, [
      "Start -> L",
      "L.again -> A",
      "A -> B",
      "B -> L",
    ]);
    expect(keys(await runSketch(upTo(graph, "A")))).toEqual(["Start#0", "L#0", "A#0"]);
  });

  it("runs a node that nothing leads to with one empty item", async () => {
    const graph = sketch({ Start: { type: "start" }, Alone: {} }, []);
    expect(outputOf(await runSketch(upTo(graph, "Alone")), "Alone#0")).toEqual([{ by: "Alone" }]);
  });

  it("takes what an earlier execution gave instead of running nodes again", async () => {
    const graph: FrozenGraph = { ...line, partial: { destination: "C", reuse: { executionId: "e", nodeIds: ["Start", "A"] } } };
    const earlier: Record<string, Outputs> = { "Start#0": [[{ json: { n: 3 } }]], "A#0": [[{ json: { n: 30 }, pairedItem: { item: 0 } }]] };
    const run = await runSketch(graph, [{}], { earlierOutputs: ({ key }) => Promise.resolve(earlier[key] ?? null) });
    expect(run.steps.map(({ key, given }) => [key, given])).toEqual([
      ["Start#0", "earlier"],
      ["A#0", "earlier"],
      ["B#0", undefined],
      ["C#0", undefined],
    ]);
    expect(outputOf(run, "C#0")).toEqual([{ n: 30, by: "C" }]);
  });
});

describe("what need not run again", () => {
  const reusable = (now: Graph, then: Graph, ran: string[], destination = "C") => {
    const { index, partial } = prepareGraph(upTo(now, destination), testRegistry);
    return reusableNodes(index, partial!, destination, { index: indexGraph(then), hasRun: (id) => ran.includes(id) });
  };
  const changed = (name: string, over: object): Graph => ({
    ...line,
    nodes: line.nodes.map((node) => (node.name === name ? { ...node, ...over } : node)),
  });
  const all = ["Start", "A", "B", "C"];

  it("is what ran and is as it was; never the node itself", () => {
    expect(reusable(line, line, all)).toEqual(["Start", "A", "B"]);
    expect(reusable(line, line, ["Start", "A"])).toEqual(["Start", "A"]);
    expect(reusable(line, changed("A", { position: { x: 9, y: 9 }, notes: "moved" }), all)).toEqual(["Start", "A", "B"]);
  });

  it("is nothing after a node that changed, was rewired, or did not run", () => {
    expect(reusable(changed("A", { parameters: { set: { x: 1 } } }), line, all)).toEqual(["Start"]);
    expect(reusable(line, line, ["Start", "B"])).toEqual(["Start"]);
    const rewired = { ...line, edges: line.edges.map((edge) => (edge.target === "B" ? { ...edge, source: "Start" } : edge)) };
    expect(reusable(line, rewired, all)).toEqual(["Start", "A"]);
    expect(reusable(line, pin(line, "A", { old: true }), all)).toEqual(["Start"]);
  });

  it("goes on after a node that was pinned then as now", () => {
    const both = pin(line, "A", { n: 1 });
    expect(reusable(both, both, all)).toEqual(["B"]);
    expect(reusable(pin(line, "A", { n: 2 }), both, all)).toEqual([]);
  });
});
