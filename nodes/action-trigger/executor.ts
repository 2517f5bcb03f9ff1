import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import { getField } from "@/flow/node/field-path";
import { executePoll, type NodePoll, type PollContext, type PollEvent } from "@/flow/node/poll";
import { accountFields } from "@/flow/tools/build-request";
import { actionEffect, type ResolvedAction } from "@/flow/tools/schema";
import { callAction, checkedInputs, SLOT } from "../action/call-action";
import { listAt, pollList } from "../list-entries";
import type { actionTrigger } from "./definition";

type Parameters = z.infer<typeof actionTrigger.parameters>;
type Context = PollContext<Parameters>;

/** Entries that are fetched at the same time. */
const FETCHED_AT_ONCE = 5;

export const poll: NodePoll<Parameters> = async (context) => {
  const { parameters } = context;
  const answers = await call(
    context,
    await readingAction(context, parameters.action),
    parameters.inputs as JsonObject,
    parameters.returnAll,
  );
  const result = pollList(listOf(answers, parameters), parameters, context);
  const { details } = parameters;
  return details === "" || result.events.length === 0 ? result : { ...result, events: await withDetails(context, details, result.events) };
};

export const execute = executePoll(poll);

async function readingAction(context: Context, key: string): Promise<ResolvedAction> {
  const action = await context.action({ tool: context.parameters.tool, action: key });
  if (actionEffect(action) === "read") return action;
  throw new FatalError(`The action "${action.name}" changes something: only one that reads can be watched. Choose another one in the node`);
}

async function call(context: Context, action: ResolvedAction, inputs: JsonObject, returnAll: boolean): Promise<JsonObject[]> {
  const { timeoutMs, maxPages } = context.parameters;
  const account = accountFields(action.tool).length > 0 ? await context.credential(SLOT) : null;
  const items = await callAction(context, {
    action,
    inputs: checkedInputs(action, inputs),
    files: {},
    account: account ?? {},
    timeoutMs,
    returnAll,
    maxPages,
    fullResponse: false,
    neverError: false,
    idempotencyKey: null,
    itemIndex: 0,
  });
  return items.map(({ json }) => json);
}

/** What is watched: what the action lists, or a list in each of its answers. */
function listOf(answers: readonly JsonObject[], { listPath, identify, idField }: Parameters): Json[] {
  if (listPath.trim() !== "") return answers.flatMap((answer) => listAt(answer, listPath));
  const [only] = answers;
  const isWrapped =
    answers.length === 1 &&
    only &&
    (identify === "position" || getField(only, idField) === undefined) &&
    Object.values(only).some((value) => Array.isArray(value));
  // Else all of the answer would count as one entry, new with every change in it.
  return isWrapped ? listAt(only, "") : [...answers];
}

/** Events with what another action of the tool says of each. */
async function withDetails(context: Context, key: string, events: readonly PollEvent[]): Promise<PollEvent[]> {
  const { idField, detailsInput, detailsInputs } = context.parameters;
  const action = await readingAction(context, key);
  const fetched: PollEvent[] = [];
  for (let start = 0; start < events.length; start += FETCHED_AT_ONCE) {
    const group = events.slice(start, start + FETCHED_AT_ONCE).map(async (event): Promise<PollEvent> => {
      const inputs = { ...(detailsInputs as JsonObject), [detailsInput]: getField(event.item.json, idField) ?? null };
      const [json] = await call(context, action, inputs, false).catch(goneOr);
      return json ? { ...event, item: { json } } : event;
    });
    fetched.push(...(await Promise.all(group)));
  }
  return fetched;
}

/** What was deleted since it was listed stays as the list had it. */
function goneOr(error: unknown): JsonObject[] {
  const { httpStatus } = error as { httpStatus?: unknown };
  if (httpStatus === 404 || httpStatus === 410) return [];
  throw error;
}
