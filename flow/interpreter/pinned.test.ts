import { expect, it } from "vitest";
import type { Graph } from "../graph/schema";
import { sketch } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

//  Start ─> Fetch (pinned) ─> Next
const pinned = (over: object = {}): Graph => {
  const graph = sketch({ Start: { type: "start" }, Fetch: { type: "fail" }, Next: {} }, ["Start -> Fetch", "Fetch -> Next"]);
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.name === "Fetch" ? { ...node, pinned: [{ json: { n: 1 } }, { json: { n: 2 } }], ...over } : node,
    ),
  };
};

it("takes the place of a node in a run by hand: its executor is not called", async () => {
  const run = await runSketch(pinned());
  expect(run.status).toBe("succeeded");
  expect(outputOf(run, "Next#0")).toEqual([
    { n: 1, by: "Next" },
    { n: 2, by: "Next" },
  ]);
});

it("has no say in production", async () => {
  const run = await runSketch(pinned(), [{}], { mode: "webhook" });
  expect(run).toMatchObject({ status: "failed", error: { nodeName: "Fetch" } });
});

it("leaves a disabled node disabled: items pass through", async () => {
  const run = await runSketch(pinned({ disabled: true }), [{ given: true }]);
  expect(outputOf(run, "Next#0")).toEqual([{ given: true, by: "Next" }]);
});

it("is marked in what is journaled", async () => {
  const run = await runSketch(pinned());
  expect(run.steps.map(({ key, given }) => [key, given])).toEqual([
    ["Start#0", undefined],
    ["Fetch#0", "pinned"],
    ["Next#0", undefined],
  ]);
});
