import type { z } from "zod";
import { FatalError, isCancelled, ParameterError, toStepError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject, PairedItem } from "@/flow/item";
import type { FlowCall, FlowOutcome, NodeContext, NodeExecutor, NodeResult } from "@/flow/node/context";
import type { executeFlow } from "./definition";

type Parameters = z.infer<typeof executeFlow.parameters>;

/** What became of one call: the other flow's end, or why it was not started. */
type Result = { outcome: FlowOutcome } | { thrown: unknown };

/**
 * Starts the other flow and asks how it ended. Where it has not, the step waits and this runs again from the start: what was
 * started already is found again.
 */
export const execute: NodeExecutor<Parameters> = async (context) => {
  const { mode, waits, parallel } = context.parameters(0);
  const calls = mode === "once" ? [callWithAll(context)] : context.items.map((_, index) => callForItem(context, index));
  const results: Result[] = [];
  let started = 0;
  const width = mode === "once" ? 1 : waits ? parallel : 10;
  for (let from = 0; from < calls.length; from += width) {
    const begun = await Promise.all(calls.slice(from, from + width).map((call) => begin(context, call)));
    const ids = begun.flatMap((each) => ("executionId" in each ? [each.executionId] : []));
    started += ids.length;
    if (!waits) {
      results.push(...begun.map((each): Result => ("thrown" in each ? each : { outcome: NOTHING })));
      refuseFailure(context, results);
      continue;
    }
    const outcomes = new Map(await Promise.all(ids.map(async (id) => [id, await context.flows.outcome(id)] as const)));
    if ([...outcomes.values()].includes(null)) return waiting(context.attempt, started);
    results.push(...begun.map((each): Result => ("thrown" in each ? each : { outcome: outcomes.get(each.executionId) as FlowOutcome })));
    refuseFailure(context, results);
  }
  if (mode === "once") return [waits ? itemsOfAll(context, results[0] as Result) : passedOn(context, results)];
  return [waits ? results.flatMap((result, index) => itemsOf(result, { item: index })) : passedOn(context, results)];
};

const NOTHING: FlowOutcome = { status: "succeeded", items: [], error: null };

const waiting = (attempt: number, started: number): NodeResult => ({ outputs: [[]], suspend: { kind: "flows", attempt, started } });

async function begin(context: NodeContext<Parameters>, call: () => FlowCall): Promise<{ executionId: string } | { thrown: unknown }> {
  try {
    return await context.flows.start(call());
  } catch (thrown) {
    if (isCancelled(thrown)) throw thrown;
    return { thrown };
  }
}

const callWithAll = (context: NodeContext<Parameters>) => (): FlowCall => ({
  flow: calleeOf(context.parameters(0)),
  items: context.items.map((item, index) => given(item, context.parameters(index))),
  index: 0,
  wait: context.parameters(0).waits,
});

const callForItem = (context: NodeContext<Parameters>, index: number) => (): FlowCall => {
  const parameters = context.parameters(index);
  return { flow: calleeOf(parameters), items: [given(context.items[index] as Item, parameters)], index, wait: context.parameters(0).waits };
};

function calleeOf({ source, flowId, flowJson }: Parameters): FlowCall["flow"] {
  if (source === "flow") {
    if (flowId.trim() === "") throw new ParameterError("flowId", "is empty: choose a flow, or give the id of one");
    return { id: flowId.trim() };
  }
  if (typeof flowJson !== "string") return { graph: flowJson as Json };
  try {
    return { graph: JSON.parse(flowJson) as Json };
  } catch (cause) {
    throw new ParameterError("flowJson", `is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function given(item: Item, { inputs, fields }: Parameters): Item {
  if (inputs === "items") return item;
  const named = fields.filter(({ name }) => name !== "").map(({ name, value }) => [name, (value ?? null) as Json] as const);
  return { ...item, json: Object.fromEntries(named) as JsonObject };
}

/**
 * One failure fails the step, unless it goes on after errors. Then a single call is still tried again first; calls for items are
 * not, as those that went well would be made again with it.
 */
function refuseFailure(context: NodeContext<Parameters>, results: readonly Result[]): void {
  const isTriedAgain = !context.lastAttempt && context.parameters(0).mode === "once";
  if (context.continueOnFail && !isTriedAgain) return;
  for (const result of results) {
    const error = failureOf(result);
    if (error) throw error;
  }
}

class SubFlowError extends Error {
  override name = "SubFlowError";
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

function failureOf(result: Result): Error | null {
  if ("thrown" in result) return result.thrown instanceof Error ? result.thrown : new FatalError(String(result.thrown));
  const { error } = result.outcome;
  return error ? new SubFlowError(error.message, error.hint) : null;
}

function itemsOf(result: Result, pairedItem: PairedItem | PairedItem[]): Item[] {
  const failure = failureOf(result);
  if (failure) return [{ json: { error: failure.message }, error: toStepError(failure), pairedItem }];
  return "outcome" in result ? result.outcome.items.map(({ json, binary }) => ({ json, ...(binary && { binary }), pairedItem })) : [];
}

/** As many items as went in are taken to be made one from one; otherwise each from all. */
function itemsOfAll({ items }: NodeContext<Parameters>, result: Result): Item[] {
  const all = items.map((_, item) => ({ item }));
  const made = itemsOf(result, all);
  return made.length === items.length && !failureOf(result) ? made.map((item, index) => ({ ...item, pairedItem: { item: index } })) : made;
}

/** The items as they came, but for those whose call could not be started. */
const passedOn = ({ items }: NodeContext<Parameters>, results: readonly Result[]): Item[] =>
  items.map((item, index) => {
    const failure = failureOf(results[Math.min(index, results.length - 1)] ?? { outcome: NOTHING });
    return failure
      ? { json: { error: failure.message }, error: toStepError(failure), pairedItem: { item: index } }
      : { ...item, pairedItem: { item: index } };
  });
