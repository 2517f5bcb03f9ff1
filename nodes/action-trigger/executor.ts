import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import { getField } from "@/flow/node/field-path";
import { executePoll, type NodePoll } from "@/flow/node/poll";
import { accountFields } from "@/flow/tools/build-request";
import { actionEffect } from "@/flow/tools/schema";
import { callAction, checkedInputs, SLOT } from "../action/call-action";
import { entriesOf, listAt } from "../list-entries";
import { newEntries, newestOf } from "../new-entries";
import type { actionTrigger } from "./definition";

type Parameters = z.infer<typeof actionTrigger.parameters>;

export const poll: NodePoll<Parameters> = async (context) => {
  const { tool, action: key, inputs, timeoutMs, returnAll, maxPages } = context.parameters;
  const action = await context.action({ tool, action: key });
  if (actionEffect(action) === "write") {
    throw new FatalError(
      `The action "${action.name}" changes something: only one that reads can be watched. Choose another one in the node`,
    );
  }
  const names = accountFields(action.tool);
  const items = await callAction(context, {
    action,
    inputs: checkedInputs(action, inputs as JsonObject),
    files: {},
    account: names.length > 0 ? ((await context.credential(SLOT)) ?? {}) : {},
    timeoutMs,
    returnAll,
    maxPages,
    fullResponse: false,
    neverError: false,
    idempotencyKey: null,
    itemIndex: 0,
  });
  const entries = entriesOf(
    listOf(
      items.map(({ json }) => json),
      context.parameters,
    ),
    context.parameters,
  );
  return context.test ? newestOf(entries) : newEntries(entries, context.cursor);
};

export const execute = executePoll(poll);

/** What is watched: what the action lists, or a list in each of its answers. */
function listOf(answers: readonly JsonObject[], { listPath, idField }: Parameters): Json[] {
  if (listPath.trim() !== "") return answers.flatMap((answer) => listAt(answer, listPath));
  const [only] = answers;
  const isWrapped =
    answers.length === 1 && only && getField(only, idField) === undefined && Object.values(only).some((value) => Array.isArray(value));
  // Else all of the answer would count as one entry, new with every change in it.
  return isWrapped ? listAt(only, "") : [...answers];
}
