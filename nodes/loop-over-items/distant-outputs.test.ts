import { expect, it } from "vitest";
import type { Host, StepOutput } from "@/flow/interpreter/host";
import { interpret } from "@/flow/interpreter/interpret";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { sketch } from "@/flow/interpreter/testing/registry";
import type { Outputs } from "@/flow/item";
import { nodeRegistry } from "../registry";
import { adding, inputFor } from "../testing/run-flow";

/** A host that keeps outputs as text somewhere else: what a visit may read has to be fetched before it runs. */
function distantHost(journal: Map<string, string>): Host {
  const refuse = () => Promise.reject(new Error("no waits in this test"));
  return {
    outputsInMemory: false,
    async outputs(key) {
      const text = journal.get(key);
      if (text === undefined) throw new Error(`${key} was asked for before it was there`);
      return (JSON.parse(text) as StepOutput).outputs;
    },
    async run(step, fn) {
      const known = journal.get(step.key);
      const output: StepOutput = known ? JSON.parse(known) : await fn({ number: 1, last: true, signal: new AbortController().signal });
      journal.set(step.key, JSON.stringify(output));
      return { counts: output.outputs.map((items) => items.length) };
    },
    sleep: refuse,
    waitForFlows: async () => {},
    waitForEvent: refuse,
  };
}

//             ┌─────────────┐
//             v             │
//  Start ─> Loop ─ loop ─> Body
//             └─ done ──> End
it("loops on a host that keeps outputs elsewhere, and goes on in the middle after a crash", async () => {
  const graph = sketch(
    {
      Start: { type: "manual-trigger" },
      Loop: { type: "loop-over-items", parameters: { batchSize: 2 } },
      Body: adding({ left: "={{ !$('Loop').context.noItemsLeft }}" }, [3, 100]),
      End: adding({ from: "={{ $('Start').item.json.n }}" }, [3, 0]),
    },
    ["Start -> Loop", "Loop.done -> End", "Loop.loop -> Body", "Body -> Loop"],
  );
  const input = inputFor(
    prepareGraph(graph, nodeRegistry),
    [1, 2, 3, 4, 5].map((n) => ({ n })),
  );
  const journal = new Map<string, string>();
  expect(await interpret({ ...input, host: distantHost(journal) })).toMatchObject({ status: "succeeded" });
  const end = (): Outputs => (JSON.parse(journal.get("End#0") ?? "{}") as StepOutput).outputs;
  expect(end()[0]?.map(({ json }) => [json.n, json.left, json.from])).toEqual([
    [1, "true", "1"],
    [2, "true", "2"],
    [3, "true", "3"],
    [4, "true", "4"],
    [5, "false", "5"],
  ]);
  const whole = end();
  for (const lost of ["End#0", "Loop#3", "Body#2", "Loop#2"]) journal.delete(lost);
  expect(await interpret({ ...input, host: distantHost(journal) })).toMatchObject({ status: "succeeded" });
  expect(end()).toEqual(whole);
});
