import { randomUUID } from "node:crypto";
import type { Json } from "@/flow/item";
import { buildActionRequest } from "@/flow/tools/build-request";
import { answerFailure } from "@/flow/tools/read-answer";
import type { CatalogTool } from "@/flow/tools/schema";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { type PreparingClient, requestWith } from "@/server/credentials/authorized-client";
import type { OpenCredential } from "@/server/credentials/open";
import type { Redactor } from "@/server/credentials/redactor";

const TIMEOUT_MS = 20_000;
const MAX_ANSWER_BYTES = 5_000_000;

/** Tries a credential by the call that its tool names for that. */
export async function tryTool(
  tool: CatalogTool,
  credential: OpenCredential,
  { redactor, http }: { redactor: Redactor; http: PreparingClient },
): Promise<{ ok: boolean; message: string }> {
  const action = tool.actions.find(({ key }) => key === tool.test?.action);
  if (!action) throw new Error(`${tool.name} has no call that tries a credential`);
  const { inputs = {} } = validateInputs(action.inputSchema, tool.test?.inputs ?? {});
  const nonce = randomUUID().replaceAll("-", "");
  const request = buildActionRequest({ tool, action, inputs, account: credential.fields, nonce });
  const use = { redactor, opened: () => [credential] };
  const limits = { timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_ANSWER_BYTES };
  const { status, body } = await requestWith(http, { ...request, ...limits }, credential, use);
  if (status === 401 || status === 403) return { ok: false, message: `${tool.name} refuses it: it answered ${status}` };
  if (status >= 400) return { ok: false, message: `${tool.name} answered ${status}` };
  const failure = answerFailure(action, jsonOf(body));
  if (failure) return { ok: false, message: redactor.redact(`${tool.name} refuses it: ${failure.reason}`) };
  return { ok: true, message: `${tool.name} accepts it` };
}

function jsonOf(body: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as Json;
  } catch {
    return null;
  }
}
