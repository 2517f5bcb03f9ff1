import type { Item } from "@/flow/item";
import type { WebhookResponse } from "@/flow/node/context";
import type { ExecutionOutcome } from "../execution/engine";
import type { HeldFor, WebhookSettings } from "./webhook-registry";

/**
 * Whatever a flow answers is shown by browsers on the app's own origin: in a sandbox without that origin's cookies or storage,
 * and never guessed to be HTML.
 */
const PROTECTION: [string, string][] = [
  ["x-content-type-options", "nosniff"],
  ["content-security-policy", "sandbox allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-scripts"],
  ["referrer-policy", "no-referrer"],
  ["cache-control", "no-store"],
];

/** Headers that a flow cannot set: they are the server's business, or act on the whole origin. */
const RESERVED = new Set([
  "accept-ch",
  "alt-svc",
  "clear-site-data",
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy",
  "content-security-policy-report-only",
  "critical-ch",
  "keep-alive",
  "nel",
  "origin-agent-cluster",
  "proxy-authenticate",
  "public-key-pins",
  "report-to",
  "reporting-endpoints",
  "secure-session-registration",
  "service-worker-allowed",
  "set-cookie",
  "set-login",
  "strict-transport-security",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-content-type-options",
]);

/** Headers by which a proxy in front of us, or the framework, would send something else than what the flow said. */
const INTERNAL = /^x-(accel-|sendfile|lighttpd-|litespeed-|middleware-|nextjs-|next-|invoke-|matched-path|tolstoy-)/;

function headersFor(given: Iterable<readonly [string, string]>): Headers {
  const headers = new Headers(PROTECTION);
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    if (lower === "" || RESERVED.has(lower) || INTERNAL.test(lower)) continue;
    try {
      headers.set(name, value);
    } catch {
      // No header can be called that, or hold that: a line break would begin another header.
    }
  }
  return headers;
}

const isBodyless = (status: number): boolean => status === 204 || status === 205 || status === 304 || status < 200;

/** Where no framework stands between us and the connection, its content is sent as it is: reading a body back costs more than a step. */
export class WebhookAnswer extends Response {
  constructor(
    readonly content: string | Uint8Array<ArrayBuffer> | null,
    init: ResponseInit,
  ) {
    super(content, init);
  }
}

function respond(status: number, body: string | Uint8Array<ArrayBuffer> | null, headers: Headers): Response {
  // A `Response` cannot have an informational status; such an answer would never end the request.
  const sent = status < 200 || status > 599 ? 200 : status;
  return new WebhookAnswer(isBodyless(sent) ? null : body, { status: sent, headers });
}

/** An answer of our own: JSON, with the same protection. */
export function answerJson(status: number, body: unknown, extra: Iterable<readonly [string, string]> = []): Response {
  const headers = headersFor(extra);
  if (!headers.has("content-type")) headers.set("content-type", "application/json; charset=utf-8");
  return respond(status, JSON.stringify(body), headers);
}

export function answerError(status: number, code: string, message: string, extra: Record<string, string> = {}): Response {
  return answerJson(status, { error: { code, message } }, Object.entries(extra));
}

/** What a Respond to Webhook node said. */
export function answerOfNode({ status, headers, body, bodyIsBase64 }: WebhookResponse): Response {
  return respond(status, bodyIsBase64 ? new Uint8Array(Buffer.from(body, "base64")) : body, headersFor(Object.entries(headers)));
}

const customHeaders = (settings: WebhookSettings) => settings.responseHeaders.map(({ name, value }) => [name.trim(), value] as const);

export function answerImmediately(settings: WebhookSettings, executionId: string): Response {
  return answerJson(settings.responseCode, { message: "Flow started", executionId }, customHeaders(settings));
}

/** What the last node gave, as the webhook's settings say; an error says where to look, not what the flow does. */
export function answerOfLastNode(settings: WebhookSettings, executionId: string, { status, lastItems }: ExecutionOutcome): Response {
  if (status !== "succeeded") return failure(executionId, status);
  const headers = customHeaders(settings);
  if (settings.responseData === "noBody") return respond(settings.responseCode, null, headersFor(headers));
  return answerJson(
    settings.responseCode,
    settings.responseData === "allItems" ? jsonOf(lastItems) : (jsonOf(lastItems)[0] ?? {}),
    headers,
  );
}

const jsonOf = (items: Item[] | null) => (items ?? []).map((item) => item.json);

/** What a flow with a Respond to Webhook node answers: what that said, or that it never spoke. */
export function answerOfOutcome(executionId: string, outcome: ExecutionOutcome): Response {
  if (outcome.response) return answerOfNode(outcome.response);
  if (outcome.status !== "succeeded") return failure(executionId, outcome.status);
  return answerJson(200, { message: "The flow finished without answering", executionId });
}

const failure = (executionId: string, status: string): Response =>
  answerError(
    500,
    "execution_failed",
    `The flow ${status === "cancelled" ? "was cancelled" : "failed"}. Its execution ${executionId} tells why.`,
  );

/** The flow takes longer than a caller can be kept waiting. */
export const answerStillRunning = (executionId: string): Response => answerJson(202, { message: "The flow is still running", executionId });

const KEPT: Record<HeldFor, string> = {
  inactive: "Kept: the flow is switched off. It can be replayed from the list of arrivals.",
  broken: "Kept: the flow cannot run. It can be replayed from the list of arrivals.",
  busy: "Kept: too much is queued to start it now. It starts once there is room.",
  refused: "Kept: too much is queued to answer it now. Try again, or replay it from the list of arrivals.",
  test: "Test event received. It is in the editor now; nothing was started.",
};

/** Nothing was started, and nothing is lost. */
export const answerKept = (heldFor: HeldFor, arrivalId: string): Response =>
  answerJson(heldFor === "test" ? 200 : 202, { message: KEPT[heldFor], arrivalId });

/** Too much is queued to give the answer that its sender waits for. */
export const answerRefused = ({ arrivalId, retryAfterSeconds }: { arrivalId: string; retryAfterSeconds: number }): Response =>
  answerJson(429, { error: { code: "rate_limited", message: KEPT.refused }, arrivalId }, [["retry-after", String(retryAfterSeconds)]]);

/** Whoever sent it has the only copy: senders of webhooks try again. */
export const answerFull = (): Response =>
  answerError(503, "unavailable", "The flow is off, and keeps as many calls as it can. Switch it on, or replay or discard some.", {
    "retry-after": "3600",
  });
