import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { FatalError, isCancelled, isRetriable, ParameterError, toStepError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { ActionRun, HttpResponse, NodeContext, NodeExecutor } from "@/flow/node/context";
import { type ActionRequest, accountFields, buildActionRequest, idempotencyHeader } from "@/flow/tools/build-request";
import { coerceInputs } from "@/flow/tools/input-schema";
import { nextPage } from "@/flow/tools/next-page";
import { type AnswerFailure, answerFailure, answerItems } from "@/flow/tools/read-answer";
import type { FileValue } from "@/flow/tools/request-body";
import { actionEffect, isRepeatableAction, type ResolvedAction } from "@/flow/tools/schema";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { httpFailure } from "../http-failure";
import { httpRequest } from "../http-request/definition";
import { readResponse } from "../http-request/read-response";
import type { action as definition } from "./definition";

type Parameters = z.infer<typeof definition.parameters>;

/** Name of the node's credential slot. */
const SLOT = "tool";

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
  const parameters = context.parameters(itemIndex);
  const { inputs, files } = await inputsFor(context, action, parameters.inputs as JsonObject, itemIndex);
  const request = buildActionRequest({ tool: action.tool, action, inputs, account, files, nonce: randomUUID().replaceAll("-", "") });
  const headers = { ...request.headers };
  const keyHeader = idempotencyHeader(action, headers);
  if (keyHeader) headers[keyHeader] = context.idempotencyKey(itemIndex);
  const usesCredential = action.tool.auth.type !== "none" || request.credentialFields !== undefined;
  const reading = httpRequest.parameters.parse({
    fullResponse: parameters.fullResponse,
    responseFormat: action.response?.format ?? "auto",
  });
  const items: Item[] = [];
  let page: ActionRequest | null = { ...request, headers };
  for (let count = 1; page; count++) {
    const response: HttpResponse = await context.http.request(
      { ...page, timeoutMs: parameters.timeoutMs, ...(usesCredential && { credential: SLOT }) },
      context.signal,
    );
    if (response.status >= 400 && !parameters.neverError) throw httpFailure(response, page);
    // Done, and nothing to say about it.
    if (response.body.length === 0 && !parameters.fullResponse) return [...items, { json: {}, pairedItem: { item: itemIndex } }];
    const read = await readResponse({ ...context, parameters: () => reading }, reading, response, itemIndex);
    const body = response.status < 400 ? jsonBody(response) : undefined;
    if (body === undefined) return [...items, ...read];
    const failure = parameters.neverError ? null : answerFailure(action, body);
    if (failure) throw failedAnswer(action, failure);
    items.push(...(parameters.fullResponse ? read : itemsOf(action, body, read, itemIndex)));
    page = parameters.returnAll ? nextPage(action, page, { body, headers: response.headers }) : null;
    if (page && count >= parameters.maxPages) {
      context.log("warn", `${action.name}: stopped after ${count} pages, though there are more`);
      page = null;
    }
  }
  return items;
}

/** What an answer's rules are about; undefined for what is no JSON. */
function jsonBody({ body, headers }: HttpResponse): Json | undefined {
  if (!/json/i.test(headers["content-type"] ?? "")) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body)) as Json;
  } catch {
    return undefined;
  }
}

const failedAnswer = ({ tool, name }: ResolvedAction, { reason, retriable }: AnswerFailure): Error => {
  const message = `${tool.name} refused "${name}": ${reason}`;
  return retriable ? new Error(message) : new FatalError(message);
};

/** One item for each entry of a list. */
function itemsOf(action: ResolvedAction, body: Json, read: Item[], itemIndex: number): Item[] {
  if (action.response?.items === undefined && action.response?.as === undefined) return read;
  const found = answerItems(action, body);
  return (Array.isArray(found) ? found : [found]).map((entry) => ({
    json: typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry : { data: entry },
    pairedItem: { item: itemIndex },
  }));
}

/** The inputs as the action wants them. Files are named by the item's field that holds them. */
async function inputsFor(
  context: NodeContext<Parameters>,
  action: ResolvedAction,
  given: JsonObject,
  itemIndex: number,
): Promise<{ inputs: JsonObject; files: Record<string, FileValue> }> {
  const checked = validateInputs(action.inputSchema, coerceInputs(action.inputSchema, given));
  if (checked.issues) {
    const [first] = checked.issues;
    const more = checked.issues.length > 1 ? ` (and ${checked.issues.length - 1} more)` : "";
    throw new ParameterError(`inputs.${first?.field ?? ""}`, `${first?.message ?? "is wrong"}${more}`, itemIndex);
  }
  const files: Record<string, FileValue> = {};
  for (const { name, control } of action.inputSchema) {
    const value: Json | undefined = checked.inputs[name];
    if (control !== "file" || typeof value !== "string" || value === "") continue;
    const file = context.items[itemIndex]?.binary?.[value];
    if (!file) {
      const known = Object.keys(context.items[itemIndex]?.binary ?? {});
      const has = known.length > 0 ? `it has: ${known.join(", ")}` : "it has none";
      throw new ParameterError(`inputs.${name}`, `the item has no file "${value}" (${has})`, itemIndex);
    }
    files[name] = { bytes: await context.readBinary(file), fileName: file.fileName ?? value, mimeType: file.mimeType };
  }
  return { inputs: checked.inputs, files };
}
