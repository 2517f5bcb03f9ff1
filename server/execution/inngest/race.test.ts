import { describe, expect, it } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import { racingNodes } from "./race";

const racing = (edges: string[]): string[] => {
  const names = new Set(edges.flatMap((edge) => edge.split(" -> ").map((end) => end.split(".")[0]!)));
  return [...racingNodes(sketch(Object.fromEntries([...names].map((name) => [name, {}])), edges))].sort();
};

describe("nodes whose steps race", () => {
  it("are none in a line", () => expect(racing(["A -> B", "B -> C"])).toEqual([]));

  //      ┌─ B ─ D ─┐
  //  A ──┤         ├─ E ─ F
  //      └─ C ─────┘
  it("are all in the branches of a fork, and all that follow where they meet", () =>
    expect(racing(["A -> B", "A -> C", "B -> D", "D -> E", "C -> E", "E -> F"])).toEqual(["B", "C", "D", "E", "F"]));

  //  A ─ B ─ C ─┬─ D
  //             └─ E
  it("are none before the fork", () => expect(racing(["A -> B", "B -> C", "C -> D", "C -> E"])).toEqual(["D", "E"]));

  //  A ─ B ─ C ─ B
  it("are none in a loop without a fork", () => expect(racing(["A -> B", "B -> C", "C -> B"])).toEqual([]));

  //          ┌───────┐
  //  A ─ L ─ B ──┐   │        the fork is inside of the loop that its branch closes
  //      │   └─ C    │
  //      └───────────┘
  it("are all of a loop that forks, the fork itself too", () =>
    expect(racing(["A -> L", "L -> B", "B -> C", "B -> L"])).toEqual(["B", "C", "L"]));

  it("count two edges between the same nodes as a fork", () => expect(racing(["A.x -> B", "A.y -> B", "B -> C"])).toEqual(["B", "C"]));

  //  A ─ L ─again─ B ─ L          a loop leaves by one of its handles at a time
  //      └─done─ C
  const loop = ["A -> L", "L.again -> B", "B -> L", "L.done -> C"];
  const graph = sketch({ A: {}, L: { type: "loop" }, B: {}, C: {} }, loop);
  it("are none in a loop that goes round in a line", () => {
    expect([...racingNodes(graph, (type) => type === "loop")]).toEqual([]);
    expect([...racingNodes(graph)].sort()).toEqual(["B", "C", "L"]);
  });

  it("are all where two edges leave the same handle of a loop", () => {
    const forked = sketch({ A: {}, L: { type: "loop" }, B: {}, C: {}, D: {} }, [...loop, "L.again -> D"]);
    expect([...racingNodes(forked, (type) => type === "loop")].sort()).toEqual(["B", "C", "D", "L"]);
  });

  it("are all where a part of the graph begins at nodes that are given their items", () => {
    const pinned = sketch({ A: {}, B: { pinned: [{ json: {} }] }, M: { type: "merge" } }, ["A -> M.a", "B -> M.b"]);
    expect([...racingNodes({ ...pinned, partial: { destination: "M" } })].sort()).toEqual(["A", "B", "M"]);
    expect([...racingNodes(pinned)]).toEqual([]);
  });
});
