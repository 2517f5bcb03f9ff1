import type { z } from "zod";
import { FatalError, isCancelled, isRetriable, ParameterError, toStepError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { ActionRun, NodeContext, NodeExecutor } from "@/flow/node/context";
import { accountFields } from "@/flow/tools/build-request";
import type { FileValue } from "@/flow/tools/request-body";
import { actionEffect, isRepeatableAction, type ResolvedAction } from "@/flow/tools/schema";
import { callAction, checkedInputs, SLOT } from "./call-action";
import type { action as definition } from "./definition";

type Parameters = z.infer<typeof definition.parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const { tool, action: key, effect, repeatable, concurrency } = context.parameters(0);
  const action = await context.action({ tool, action: key });
  if (effect === "read" && actionEffect(action) === "write") {
    throw new FatalError(
      `The action "${action.name}" changes something since it was edited: choose it anew in the node, so that it runs only once`,
    );
  }
  if (repeatable && !isRepeatableAction(action)) {
    throw new FatalError(`The action "${action.name}" can no longer be repeated safely since it was edited: choose it anew in the node`);
  }
  const names = accountFields(action.tool);
  const account = names.length > 0 ? await context.credential(SLOT) : null;
  const made: Item[][] = [];
  for (let start = 0; start < context.items.length; start += concurrency) {
    const batch = context.items.slice(start, start + concurrency);
    // All are awaited before a failure is told: no request of this attempt is under way when the next attempt starts.
    const results = await Promise.allSettled(batch.map((_, offset) => callFor(context, action, account ?? {}, start + offset)));
    for (const result of results) {
      if (result.status === "rejected") throw result.reason;
      made.push(result.value);
    }
  }
  const ran: ActionRun = { tool, action: key, version: action.version };
  return { outputs: [made.flat()], ran };
};

async function callFor(
  context: NodeContext<Parameters>,
  action: ResolvedAction,
  account: Record<string, string>,
  itemIndex: number,
): Promise<Item[]> {
  try {
    return await call(context, action, account, itemIndex);
  } catch (thrown) {
    if (!context.continueOnFail || isCancelled(thrown)) throw thrown;
    const error = toStepError(thrown);
    // While there are attempts left the node has not failed: it is tried again before it goes on.
    if (context.lastAttempt === false && isRetriable(error)) throw thrown;
    return [{ json: { error: error.message }, error, pairedItem: { item: itemIndex } }];
  }
}

async function call(
  context: NodeContext<Parameters>,
  action: ResolvedAction,
  account: Record<string, string>,
  itemIndex: number,
): Promise<Item[]> {
  const { inputs: given, timeoutMs, returnAll, maxPages, fullResponse, neverError } = context.parameters(itemIndex);
  const inputs = checkedInputs(action, given as JsonObject, itemIndex);
  return callAction(context, {
    action,
    inputs,
    files: await filesFor(context, action, inputs, itemIndex),
    account,
    timeoutMs,
    returnAll,
    maxPages,
    fullResponse,
    neverError,
    idempotencyKey: context.idempotencyKey(itemIndex),
    itemIndex,
  });
}

/** Files are named by the item's field that holds them. */
async function filesFor(
  context: NodeContext<Parameters>,
  action: ResolvedAction,
  inputs: JsonObject,
  itemIndex: number,
): Promise<Record<string, FileValue>> {
  const files: Record<string, FileValue> = {};
  for (const { name, control } of action.inputSchema) {
    const value: Json | undefined = inputs[name];
    if (control !== "file" || typeof value !== "string" || value === "") continue;
    const file = context.items[itemIndex]?.binary?.[value];
    if (!file) {
      const known = Object.keys(context.items[itemIndex]?.binary ?? {});
      const has = known.length > 0 ? `it has: ${known.join(", ")}` : "it has none";
      throw new ParameterError(`inputs.${name}`, `the item has no file "${value}" (${has})`, itemIndex);
    }
    files[name] = { bytes: await context.readBinary(file), fileName: file.fileName ?? value, mimeType: file.mimeType };
  }
  return files;
}
