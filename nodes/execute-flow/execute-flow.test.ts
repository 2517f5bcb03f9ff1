import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import type { FlowCall, FlowOutcome, NodeContext } from "@/flow/node/context";
import { executeForTest } from "../testing/execute";

const succeeded = (...items: JsonObject[]): FlowOutcome => ({ status: "succeeded", items: items.map((json) => ({ json })), error: null });
const failed = (message: string): FlowOutcome => ({ status: "failed", items: [], error: { name: "SubFlowError", message, hint: "In it" } });

/** Remembers calls, and answers with what each index came to; null has not ended. */
function starter(outcomes: (index: number) => FlowOutcome | null): { calls: FlowCall[]; flows: NodeContext["flows"] } {
  const calls: FlowCall[] = [];
  return {
    calls,
    flows: {
      start: async (call) => {
        calls.push(call);
        return { executionId: String(call.index) };
      },
      outcome: async (executionId) => outcomes(Number(executionId)),
    },
  };
}

const items = [{ n: 1 }, { n: 2 }, { n: 3 }];
const each = { flowId: "f", mode: "each" };

describe("Execute Flow", () => {
  it("gives all items to one execution, or one to each", async () => {
    const once = starter(() => succeeded({ ok: true }));
    await executeForTest("execute-flow", { parameters: { flowId: "f" }, items, flows: once.flows });
    expect(once.calls).toEqual([{ flow: { id: "f" }, items: items.map((json) => ({ json })), index: 0, wait: true }]);
    const many = starter((index) => succeeded({ index }));
    const { outputs } = await executeForTest("execute-flow", { parameters: each, items, flows: many.flows });
    expect(many.calls.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(outputs).toEqual([[0, 1, 2].map((index) => ({ json: { index }, pairedItem: { item: index } }))]);
  });

  it("waits for what has not ended, and starts no more beside it than it may", async () => {
    const some = starter((index) => (index === 1 ? null : succeeded()));
    const { suspend } = await executeForTest("execute-flow", { parameters: { ...each, parallel: 2 }, items, flows: some.flows });
    expect(suspend).toEqual({ kind: "flows", attempt: 1, started: 2 });
    expect(some.calls).toHaveLength(2);
  });

  it("pairs what is made of all items with all of them, unless there is one for each", async () => {
    const paired = async (...made: JsonObject[]) =>
      (
        await executeForTest("execute-flow", { parameters: { flowId: "f" }, items, flows: starter(() => succeeded(...made)).flows })
      ).outputs[0]?.map(({ pairedItem }) => pairedItem);
    expect(await paired({}, {}, {})).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
    expect(await paired({})).toEqual([[{ item: 0 }, { item: 1 }, { item: 2 }]]);
  });

  it("fails with the other flow's error, or goes on with it for its item alone", async () => {
    const { flows } = starter((index) => (index === 1 ? failed("broken") : succeeded({ index })));
    await expect(executeForTest("execute-flow", { parameters: each, items, flows })).rejects.toMatchObject({
      message: "broken",
      hint: "In it",
    });
    const { json } = await executeForTest("execute-flow", { parameters: each, items, flows, continueOnFail: true });
    expect(json).toEqual([[{ index: 0 }, { error: "broken" }, { index: 2 }]]);
  });

  it("passes its items on at once when it does not wait", async () => {
    const { flows, calls } = starter(() => null);
    const { outputs } = await executeForTest("execute-flow", { parameters: { ...each, waits: false }, items, flows });
    expect(outputs[0]?.map(({ json }) => json)).toEqual(items);
    expect(calls.map(({ wait }) => wait)).toEqual([false, false, false]);
  });

  it("gives fields of its own, evaluated for each item", async () => {
    const { flows, calls } = starter(() => succeeded());
    const fields = [{ name: "twice", value: "={{ $json.n * 2 }}" }];
    await executeForTest("execute-flow", { parameters: { ...each, inputs: "fields", fields }, items, flows });
    expect(calls.map((call) => call.items[0]?.json)).toEqual([{ twice: 2 }, { twice: 4 }, { twice: 6 }]);
  });

  it("takes a flow as JSON, and says when there is none", async () => {
    const { flows, calls } = starter(() => succeeded());
    await executeForTest("execute-flow", { parameters: { source: "json", flowJson: '{"nodes":[]}' }, flows });
    expect(calls[0]?.flow).toEqual({ graph: { nodes: [] } });
    await expect(executeForTest("execute-flow", { parameters: { source: "json", flowJson: "{" }, flows })).rejects.toThrow(
      '"flowJson": is no JSON',
    );
    await expect(executeForTest("execute-flow", { parameters: { flowId: "={{ '' }}" }, flows })).rejects.toThrow('"flowId": is empty');
  });
});
