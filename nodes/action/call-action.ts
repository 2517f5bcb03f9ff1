import { randomUUID } from "node:crypto";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { HttpResponse, NodeContext } from "@/flow/node/context";
import { type ActionRequest, buildActionRequest, idempotencyHeader } from "@/flow/tools/build-request";
import { coerceInputs } from "@/flow/tools/input-schema";
import { nextPage } from "@/flow/tools/next-page";
import { type AnswerFailure, answerFailure, answerItems } from "@/flow/tools/read-answer";
import type { FileValue } from "@/flow/tools/request-body";
import type { ResolvedAction } from "@/flow/tools/schema";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { httpFailure } from "../http-failure";
import { httpRequest } from "../http-request/definition";
import { readResponse } from "../http-request/read-response";
import { keyOfPage } from "../page-key";

/** Name of the node's credential slot. */
export const SLOT = "tool";

/** What a call of an action may use. */
export type CallWorld = Pick<NodeContext, "http" | "signal" | "log" | "writeBinary">;

export interface ActionCall {
  action: ResolvedAction;
  /** Checked: see `checkedInputs`. */
  inputs: JsonObject;
  files: Record<string, FileValue>;
  /** Fields of the account that addresses need. */
  account: Record<string, string>;
  timeoutMs: number;
  /** Asks for the following pages, too, up to so many in all. */
  returnAll: boolean;
  maxPages: number;
  /** Status and headers, too. */
  fullResponse: boolean;
  /** A failing status is an answer like any other. */
  neverError: boolean;
  /** By which the service tells a repeated call from a new one. */
  idempotencyKey: string | null;
  itemIndex: number;
}

/** Calls an action. @returns what its answer is made of: one item for each entry of a list */
export async function callAction(world: CallWorld, call: ActionCall): Promise<Item[]> {
  const { action, inputs, files, account, fullResponse, neverError, itemIndex } = call;
  const request = buildActionRequest({ tool: action.tool, action, inputs, account, files, nonce: randomUUID().replaceAll("-", "") });
  const headers = { ...request.headers };
  const keyHeader = call.idempotencyKey === null ? null : idempotencyHeader(action, headers);
  const usesCredential = action.tool.auth.type !== "none" || request.credentialFields !== undefined;
  const reading = httpRequest.parameters.parse({ fullResponse, responseFormat: action.response?.format ?? "auto" });
  const items: Item[] = [];
  let page: ActionRequest | null = { ...request, headers };
  for (let count = 1; page; count++) {
    if (keyHeader && call.idempotencyKey !== null) {
      page = { ...page, headers: { ...page.headers, [keyHeader]: keyOfPage(call.idempotencyKey, count - 1) } };
    }
    const response: HttpResponse = await world.http.request(
      { ...page, timeoutMs: call.timeoutMs, ...(usesCredential && { credential: SLOT }) },
      world.signal,
    );
    if (response.status >= 400 && !neverError) throw httpFailure(response, page);
    // Done, and nothing to say about it.
    if (response.body.length === 0 && !fullResponse) return [...items, { json: {}, pairedItem: { item: itemIndex } }];
    const read = await readResponse(world, reading, response, itemIndex);
    const body = response.status < 400 ? jsonBody(response) : undefined;
    if (body === undefined) return [...items, ...read];
    const failure = neverError ? null : answerFailure(action, body);
    if (failure) throw failedAnswer(action, failure);
    items.push(...(fullResponse ? read : itemsOf(action, body, read, itemIndex)));
    page = call.returnAll ? nextPage(action, page, { body, headers: response.headers }) : null;
    if (page && count >= call.maxPages) {
      world.log("warn", `${action.name}: stopped after ${count} pages, though there are more`);
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

/** Inputs as an action wants them. @throws ParameterError */
export function checkedInputs(action: ResolvedAction, given: JsonObject, itemIndex?: number): JsonObject {
  const checked = validateInputs(action.inputSchema, coerceInputs(action.inputSchema, given));
  if (!checked.issues) return checked.inputs;
  const [first] = checked.issues;
  const more = checked.issues.length > 1 ? ` (and ${checked.issues.length - 1} more)` : "";
  throw new ParameterError(`inputs.${first?.field ?? ""}`, `${first?.message ?? "is wrong"}${more}`, itemIndex);
}
