import { describe, expect, it } from "vitest";
import { sketch } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

describe("nodes with several inputs", () => {
  //            ┌─ even ─> A ─> Merge.a
  //  Start ─> Split
  //            └─ odd ──> B ─> Merge.b
  const forked = sketch(
    {
      Start: { type: "start" },
      Split: { type: "split" },
      A: { at: [2, 100] },
      B: { at: [2, 0] },
      Merge: { type: "merge", at: [3, 0] },
      After: { at: [4, 0] },
    },
    ["Start -> Split", "Split.even -> A", "Split.odd -> B", "A -> Merge.a", "B -> Merge.b", "Merge -> After"],
  );

  it("wait for every connected input and keep the inputs' order", async () => {
    const run = await runSketch(forked, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(outputOf(run, "Merge#0")).toEqual([
      { n: 2, by: "A" },
      { n: 1, by: "B" },
      { n: 3, by: "B" },
    ]);
    expect(run.steps.filter((step) => step.nodeId === "Merge")).toHaveLength(1);
  });

  it("run with what there is once the other input can no longer come", async () => {
    const run = await runSketch(forked, [{ n: 1 }, { n: 3 }]);
    expect(run.status).toBe("succeeded");
    expect(outputOf(run, "Merge#0")).toEqual([
      { n: 1, by: "B" },
      { n: 3, by: "B" },
    ]);
    expect(outputOf(run, "After#0")).toHaveLength(2);
  });

  //  Start ─┬─> Dropped (no items) ─> M1.a
  //         ├─> X ──────────────────> M1.b ─> M2.a
  //         └─> Y ──────────────────────────> M2.b
  it("let a half-filled one that leads to them go first", async () => {
    const run = await runSketch(
      sketch(
        {
          Start: { type: "start" },
          Dropped: { type: "drop", at: [1, 0] },
          X: { at: [1, 100] },
          Y: { at: [1, 200] },
          M2: { type: "merge", at: [3, 0] },
          M1: { type: "merge", at: [2, 0] },
        },
        ["Start -> Dropped", "Start -> X", "Start -> Y", "Dropped -> M1.a", "X -> M1.b", "M1 -> M2.a", "Y -> M2.b"],
      ),
    );
    expect(outputOf(run, "M2#0")).toEqual([{ by: "X" }, { by: "Y" }]);
    expect(run.steps.filter((step) => step.nodeId === "M2")).toHaveLength(1);
  });

  //  Start ─┬─> A ─┐
  //         ├─> B ─┴─> Merge.a      the n-th arrival of one input
  //         ├─> C ─┐                meets the n-th of the other
  //         └─> D ─┴─> Merge.b
  it("pair the first arrivals of each input, then the second ones", async () => {
    const run = await runSketch(
      sketch(
        {
          Start: { type: "start" },
          A: { at: [1, 0] },
          B: { at: [1, 100] },
          C: { at: [1, 200] },
          D: { at: [1, 300] },
          Merge: { type: "merge", at: [2, 0] },
        },
        ["Start -> A", "Start -> B", "Start -> C", "Start -> D", "A -> Merge.a", "B -> Merge.a", "C -> Merge.b", "D -> Merge.b"],
      ),
    );
    expect(outputOf(run, "Merge#0").map((json) => json.by)).toEqual(["A", "C"]);
    expect(outputOf(run, "Merge#1").map((json) => json.by)).toEqual(["B", "D"]);
  });
});
