import { describe, expect, it } from "vitest";
import { adding, given, runFlow } from "../testing/run-flow";

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

//             ┌─────────────┐
//             v             │
//  Start ─> Loop ─ loop ─> Body
//             └─ done ──> End
const looping = (parameters: Record<string, unknown>, count: number, options = {}) =>
  runFlow(
    {
      Loop: { type: "loop-over-items", parameters: parameters as never },
      Body: adding(
        { round: "={{ $runIndex }}", origin: "={{ $('Start').item.json.n }}", left: "={{ !$('Loop').context.noItemsLeft }}" },
        [3, 100],
      ),
      End: adding({ from: "={{ $('Body').item.json.round }}", first: "={{ $('Start').item.json.n }}" }, [3, 0]),
    },
    ["Start -> Loop", "Loop.done -> End", "Loop.loop -> Body", "Body -> Loop"],
    numbers(count),
    options,
  );

describe("Loop Over Items", () => {
  it("hands its items out in batches, and all that came back at the end", async () => {
    const run = await looping({ batchSize: 2 }, 5);
    expect(run.error).toBeNull();
    expect(run.steps.map((step) => step.key).slice(1)).toEqual([
      "Loop#0",
      "Body#0",
      "Loop#1",
      "Body#1",
      "Loop#2",
      "Body#2",
      "Loop#3",
      "End#0",
    ]);
    expect(given(run, "Loop#1", 1)).toEqual([{ n: 2 }, { n: 3 }]);
    expect(given(run, "Loop#2", 1)).toEqual([{ n: 4 }]);
    expect(given(run, "Loop#3", 1)).toEqual([]);
    expect(given(run, "Loop#3")?.map(({ n, round }) => [n, round])).toEqual([
      [0, "0"],
      [1, "0"],
      [2, "1"],
      [3, "1"],
      [4, "2"],
    ]);
  });

  it("lets items find their way back to before the loop, in the loop and after it", async () => {
    const run = await looping({ batchSize: 2 }, 5);
    expect(given(run, "Body#2")?.map(({ origin }) => origin)).toEqual(["4"]);
    expect(given(run, "End#0")?.map(({ n, first, from }) => [n, first, from])).toEqual([
      [0, "0", "0"],
      [1, "1", "0"],
      [2, "2", "1"],
      [3, "3", "1"],
      [4, "4", "2"],
    ]);
  });

  it("tells expressions whether items are left", async () => {
    const run = await looping({}, 3);
    expect(["Body#0", "Body#1", "Body#2"].map((key) => given(run, key)?.[0]?.left)).toEqual(["true", "true", "false"]);
  });

  //             ┌──────────────────────────────┐
  //             v                              │
  //  Start ─> Loop ─ loop ─> Keep even ─ true ─┤
  //             │                └─ false ─> Double (two items out of one)
  //             └─ done ──> (nothing)
  it("takes back what its body made, be it more or less than went out", async () => {
    const run = await runFlow(
      {
        Loop: { type: "loop-over-items" },
        Even: {
          type: "if",
          at: [3, 100],
          parameters: {
            conditions: {
              conditions: [{ leftValue: "={{ $json.n % 2 }}", rightValue: 0, operator: { type: "number", operation: "equals" } }],
            },
          },
        },
        Twice: { type: "merge", at: [5, 200] },
      },
      [
        "Start -> Loop",
        "Loop.loop -> Even",
        "Even.true -> Loop",
        "Even.false -> Twice.input1",
        "Even.false -> Twice.input2",
        "Twice -> Loop",
      ],
      numbers(3),
    );
    expect(given(run, "Loop#3")).toEqual([{ n: 0 }, { n: 1 }, { n: 1 }, { n: 2 }]);
  });

  //             ┌────────────────────────────────────────────────┐
  //             v            ┌───────────────┐                   │
  //  Start ─> Outer ─ loop ─> Inner ─ loop ─> Body               │
  //             └─ done        └─ done ──────────────────────────┘
  const nested = (reset: unknown) =>
    runFlow(
      {
        Outer: { type: "loop-over-items" },
        Spread: { type: "split-out", at: [3, 100], parameters: { fieldToSplitOut: "list", include: "allOtherFields" } },
        Inner: { type: "loop-over-items", at: [4, 100], parameters: { reset } as never },
        Body: adding({ group: "={{ $('Outer').item.json.g }}" }, [5, 200]),
      },
      ["Start -> Outer", "Outer.loop -> Spread", "Spread -> Inner", "Inner.loop -> Body", "Body -> Inner", "Inner.done -> Outer"],
      [
        { g: "a", list: [1, 2] },
        { g: "b", list: [3] },
      ],
    );

  it("begins again inside of another loop when it is told to reset", async () => {
    const run = await nested("={{ $prevNode.name === 'Spread' }}");
    expect(run.error).toBeNull();
    expect(given(run, "Outer#2")).toEqual([
      { g: "a", list: 1, group: "a" },
      { g: "a", list: 2, group: "a" },
      { g: "b", list: 3, group: "b" },
    ]);
    expect(run.steps.filter((step) => step.nodeId === "Body")).toHaveLength(3);
  });

  it("is done at once inside of another loop when nothing resets it, and adds to what it had", async () => {
    const run = await nested(false);
    expect(run.steps.filter((step) => step.nodeId === "Body")).toHaveLength(2);
    expect(given(run, "Inner#3")?.map(({ list, group }) => [list, group])).toEqual([
      [1, "a"],
      [2, "a"],
      [3, undefined],
    ]);
  });

  it("knows by its context when to reset", async () => {
    const run = await nested("={{ $('Inner').context.done }}");
    expect(given(run, "Outer#2")?.map(({ group }) => group)).toEqual(["a", "a", "b"]);
  });

  it("goes thousands of rounds", async () => {
    const started = performance.now();
    const run = await looping({}, 2000, { maxVisits: 10_000 });
    expect(given(run, "End#0")).toHaveLength(2000);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
