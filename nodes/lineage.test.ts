import { describe, expect, it } from "vitest";
import { adding, given, runFlow } from "./testing/run-flow";

const orders = [
  { id: 1, customer: "Ada", lines: [{ sku: "b" }, { sku: "a" }] },
  { id: 2, customer: "Bob", lines: [{ sku: "c" }, { sku: "a" }, { sku: "a" }] },
];

describe("$('Node').item", () => {
  //  Start ─> Split ─> Distinct ─> Sort ─> Rename ─> Look
  it("finds its way back through nodes that split, drop, order and rename", async () => {
    const run = await runFlow(
      {
        Split: { type: "split-out", parameters: { fieldToSplitOut: "lines" } },
        Distinct: { type: "remove-duplicates" },
        Sort: { type: "sort", parameters: { sortFields: [{ fieldName: "sku" }] } },
        Rename: { type: "rename-keys", parameters: { keys: [{ currentKey: "sku", newKey: "article" }] } },
        Look: adding({ by: "={{ $('Start').item.json.customer }}", was: "={{ $('Split').item.json.sku }}" }, [6, 0]),
      },
      ["Start -> Split", "Split -> Distinct", "Distinct -> Sort", "Sort -> Rename", "Rename -> Look"],
      orders,
    );
    expect(run.error).toBeNull();
    expect(given(run, "Look#0")).toEqual([
      { article: "a", by: "Ada", was: "a" },
      { article: "b", by: "Ada", was: "b" },
      { article: "c", by: "Bob", was: "c" },
    ]);
  });

  //  Start ─> Gather ─> Look
  const gathered = (items: typeof orders) =>
    runFlow(
      {
        Gather: { type: "aggregate", parameters: { aggregate: "aggregateAllItemData" } },
        Look: adding({ by: "={{ $('Start').item.json.customer }}" }, [3, 0]),
      },
      ["Start -> Gather", "Gather -> Look"],
      items,
    );

  it("says after an aggregation that there are several, unless there was one", async () => {
    const several = await gathered(orders);
    expect(several.status).toBe("failed");
    expect(several.error?.message).toContain('made from several items of "Start"');
    expect(given(await gathered(orders.slice(0, 1)), "Look#0")?.[0]?.by).toBe("Ada");
  });

  //             ┌──────────────────────────┐
  //             v                          │
  //  Start ─> Loop ─ loop ─> Split ─> Gather
  //             └─ done ──> Look
  it("finds its way back through a loop whose body splits items and puts them together again", async () => {
    const run = await runFlow(
      {
        Loop: { type: "loop-over-items" },
        Split: { type: "split-out", at: [3, 100], parameters: { fieldToSplitOut: "lines" } },
        Gather: { type: "aggregate", at: [4, 100], parameters: { fieldsToAggregate: [{ fieldToAggregate: "sku" }] } },
        Look: adding({ by: "={{ $('Start').item.json.customer }}" }, [3, 0]),
      },
      ["Start -> Loop", "Loop.loop -> Split", "Split -> Gather", "Gather -> Loop", "Loop.done -> Look"],
      orders,
    );
    expect(given(run, "Look#0")).toEqual([
      { sku: ["b", "a"], by: "Ada" },
      { sku: ["c", "a", "a"], by: "Bob" },
    ]);
  });
});
