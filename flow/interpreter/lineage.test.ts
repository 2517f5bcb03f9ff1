import { describe, expect, it } from "vitest";
import { sketch } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

const source = "={{ $('Source').item.json.name }}";

describe("$('Node').item", () => {
  //  Start ─> Source ─> Split ─ even ─> Merge.a ─> Look
  //                        └── odd ──> Merge.b
  it("finds its way back through Split and Merge", async () => {
    const run = await runSketch(
      sketch(
        {
          Start: { type: "start" },
          Source: { parameters: { set: { name: "=item {{ $json.n }}" } } },
          Split: { type: "split" },
          Merge: { type: "merge", at: [3, 0] },
          Look: { at: [4, 0], parameters: { set: { found: source } } },
        },
        ["Start -> Source", "Source -> Split", "Split.even -> Merge.a", "Split.odd -> Merge.b", "Merge -> Look"],
      ),
      [{ n: 1 }, { n: 2 }, { n: 3 }],
    );
    expect(outputOf(run, "Look#0").map((json) => json.found)).toEqual(["item 2", "item 1", "item 3"]);
  });

  //  Start ─┬─> Source
  //         └─> Look       Source is not on the way to Look
  it("says why when the node is not on the way", async () => {
    const run = await runSketch(
      sketch({ Start: { type: "start" }, Source: { at: [1, 0] }, Look: { at: [1, 100], parameters: { set: { found: source } } } }, [
        "Start -> Source",
        "Start -> Look",
      ]),
    );
    expect(run.status).toBe("failed");
    expect(run.error?.message).toMatch(/set\.found/);
    expect(run.error?.message).toMatch(/"Source".*not on its way here/);
  });
});
