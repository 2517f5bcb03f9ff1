import { randomUUID } from "node:crypto";
import { z } from "zod";
import { toStepError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import type { HttpResponse } from "@/flow/node/context";
import { accountFields, buildActionRequest, idempotencyHeader, usesSecrets } from "@/flow/tools/build-request";
import { coerceInputs } from "@/flow/tools/input-schema";
import { answerFailure } from "@/flow/tools/read-answer";
import type { FileValue } from "@/flow/tools/request-body";
import type { ActionDefinition } from "@/flow/tools/schema";
import { validateInputs } from "@/flow/tools/validate-inputs";
import type { Action, Tool } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { logger } from "@/server/logger";
import { countAction } from "@/server/metrics/measured-actions";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { toActionDefinition, toToolDefinition } from "../tools/types";
import { emitWebhookEvent } from "../webhooks/emit";
import { findAction, findReadyAction } from "./find";
import { inputError } from "./input-error";
import { openCaller } from "./open-caller";

export const executeActionSchema = z.object({
  /** Of an action of the organization, or `tool.action` for one that comes with the product: `github.create-issue`. */
  id: idSchema,
  inputs: jsonObjectSchema.default({}),
  /** One of the tool's credentials; the only one when absent. */
  credentialId: idSchema.nullish(),
  /** Values come from a form: "5" for a number is 5. */
  fromForm: z.boolean().default(false),
});

/** What a call of an action gave. */
export interface ActionAnswer {
  /** The service answered with a status below 400, and does not say otherwise in its answer. */
  success: boolean;
  actionId: string;
  actionKey: string;
  /** Of the action that was called. */
  version: number;
  /** Null when no answer came. */
  status: number | null;
  statusText: string;
  headers: Record<string, string>;
  /** JSON where the answer is some, else text; a file as base64 with its type. */
  data: Json;
  /** Milliseconds. */
  duration: number;
  request: { method: string; url: string };
  error: { message: string } | null;
}

/** An answer is shown to a person or sent on as JSON: larger ones belong into a flow. */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * Calls an action once, outside of any flow. A failing status is an answer like any other.
 * @throws ServiceError `invalid` with one issue for each wrong input (`inputErrorAnswer`), or when a credential is missing.
 */
export async function executeAction({
  ctx,
  input,
  signal,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executeActionSchema>;
  signal?: AbortSignal;
}): Promise<ActionAnswer> {
  const caller = authorize(ctx, "editor");
  const { id, inputs: given, credentialId, fromForm } = parse(executeActionSchema, input);
  const row = (await findReadyAction(id)) ?? stored(await findAction(db(), caller.organizationId, id));
  const { action, tool } = row;
  const checked = validateInputs(action.inputSchema, fromForm ? coerceInputs(action.inputSchema, given) : given);
  if (checked.issues) throw inputError(checked.issues);
  const isNeeded = tool.auth.type !== "none" || usesSecrets(action);
  const { client, fields, redact, used, slot } = await openCaller(caller, tool, { credentialId: credentialId ?? null, isNeeded });

  const account = accountFields(tool).length > 0 ? ((await fields()) ?? {}) : {};
  const started = performance.now();
  const answer = { actionId: row.id, actionKey: action.key, version: row.version };
  let request: { method: string; url: string } = { method: action.method, url: `${tool.baseUrl}${action.endpoint}` };
  let outcome: Pick<ActionAnswer, "success" | "status" | "statusText" | "headers" | "data" | "error">;
  try {
    const nonce = randomUUID().replaceAll("-", "");
    const files = filesAmong(action.inputSchema, checked.inputs);
    const built = buildActionRequest({ tool, action, inputs: checked.inputs, account, files, nonce });
    request = { method: built.method, url: shownUrl(built.url, built.credentialFields) };
    const keyHeader = idempotencyHeader(action, built.headers);
    if (keyHeader) built.headers[keyHeader] = `action-${nonce}`;
    const response = await client.request(
      { ...built, timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_ANSWER_BYTES, ...(slot && { credential: slot }) },
      signal,
    );
    outcome = read(response, action);
  } catch (thrown) {
    const { message } = toStepError(thrown);
    outcome = { success: false, status: null, statusText: "", headers: {}, data: null, error: { message } };
  }
  const duration = Math.round(performance.now() - started);
  const data = { name: action.name, status: outcome.status, ...(used && { credential: used }) };
  countAction(
    { orgId: caller.organizationId, toolKey: tool.key, actionKey: action.key },
    outcome.success ? "success" : "error",
    duration / 1_000,
  );
  await recordAudit(db(), caller, { action: "action.execute", target: `action:${row.id}`, data });
  const result = redact({ ...answer, ...outcome, duration, request });
  await tellWebhooks(caller.organizationId, tool.key, result);
  return result;
}

/** Bytes of an answer that a message takes along. */
const MOST_OUTPUT = 65_536;

/** The call was made, and its answer counts, whatever becomes of this. */
async function tellWebhooks(organizationId: string, toolKey: string, answer: ActionAnswer): Promise<void> {
  const { success, actionId, actionKey, status, duration, error } = answer;
  const isSmall = Buffer.byteLength(JSON.stringify(answer.data)) <= MOST_OUTPUT;
  const about: JsonObject = { actionId, actionKey, toolKey, status: success ? "completed" : "failed", httpStatus: status, duration };
  const data = { ...about, ...(success ? { output: isSmall ? answer.data : null } : { error }) };
  const eventType = success ? "action.executed" : "action.failed";
  try {
    await emitWebhookEvent(db(), { organizationId, eventType, key: `${eventType} ${randomUUID()}`, data });
  } catch (cause) {
    logger.error({ err: cause, organizationId, actionId }, "webhooks could not be told of a call");
  }
}

const stored = (row: Action & { tool: Tool }) => ({
  id: row.id,
  version: row.version,
  action: toActionDefinition(row),
  tool: toToolDefinition(row.tool),
});

function read(
  response: HttpResponse,
  action: ActionDefinition,
): Pick<ActionAnswer, "success" | "status" | "statusText" | "headers" | "data" | "error"> {
  const failure = response.status < 400 ? answerFailure(action, bodyOf(response)) : null;
  const success = response.status < 400 && !failure;
  return {
    success,
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
    data: bodyOf(response),
    error: success
      ? null
      : {
          message: failure
            ? `The service refused it: ${failure.reason}`
            : `The service answered ${response.status} ${response.statusText}`.trim(),
        },
  };
}

const TEXT = /^text\/|json|xml|javascript|x-www-form-urlencoded|graphql|yaml|csv/i;

function bodyOf({ body, headers }: HttpResponse): Json {
  const type = headers["content-type"] ?? "";
  if (body.length === 0) return null;
  if (type !== "" && !TEXT.test(type)) {
    return { mimeType: type.split(";")[0]?.trim() ?? "", fileSize: body.length, data: Buffer.from(body).toString("base64") };
  }
  const text = new TextDecoder().decode(body);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The address without tokens that stand for secrets. */
const shownUrl = (url: string, fields: Record<string, string> = {}): string =>
  Object.entries(fields).reduce((text, [token, name]) => text.replaceAll(token, `{${name}}`), url);

const fileSchema = z.object({
  data: z.base64(),
  fileName: z.string().max(255).default("file"),
  mimeType: z.string().max(200).default("application/octet-stream"),
});

/** Files come as `{ data: base64, fileName, mimeType }`, or as text that is taken as it is. */
function filesAmong(schema: { name: string; control?: string | undefined }[], inputs: JsonObject): Record<string, FileValue> {
  const files: Record<string, FileValue> = {};
  for (const { name, control } of schema) {
    const value = inputs[name];
    if (control !== "file" || typeof value !== "string" || value === "") continue;
    const parsed = fileSchema.safeParse(jsonOf(value));
    files[name] = parsed.success
      ? { bytes: Buffer.from(parsed.data.data, "base64"), fileName: parsed.data.fileName, mimeType: parsed.data.mimeType }
      : { bytes: Buffer.from(value), fileName: name, mimeType: "text/plain" };
  }
  return files;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
