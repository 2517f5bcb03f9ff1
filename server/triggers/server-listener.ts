import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { IncomingCall } from "../http/incoming-call";
import { logger } from "../logger";
import { counted } from "../metrics/metrics";
import { handleWebhook } from "./webhook";
import { WebhookAnswer } from "./webhook-answer";

/** Where `cli/serve/server-process.mjs` looks for who may answer before the framework does. */
const FIRST_LISTENER = Symbol.for("tolstoy.firstListener");

/** Returns false for a request that is not for it, and has not touched it then. */
export type FirstListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A webhook's own URL, spelled plainly. Any other spelling takes the long way and means the same. */
const HOOK = /^\/api\/hooks\/([\w-]+)(?:\?|$)/;

const answer = counted("webhook", (call: IncomingCall, id: string) => handleWebhook(call, id));

/**
 * Lets webhooks be answered without the framework, whose routing costs more than a short flow does. Where no server of ours runs
 * (a platform that calls route handlers), the same handler is called by `app/api/hooks`.
 */
export function answerWebhooksFirst(): void {
  const listener: FirstListener = (request, response) => {
    const id = HOOK.exec(request.url ?? "")?.[1];
    // `/api/hooks/test` alone is no webhook; nor is an upgrade a call.
    if (id === undefined || id === "test" || request.headers.upgrade !== undefined) return false;
    void reply(request, response, id);
    return true;
  };
  (globalThis as { [FIRST_LISTENER]?: FirstListener })[FIRST_LISTENER] = listener;
}

async function reply(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
  try {
    await send(await answer(callOf(request, response), id), request, response);
  } catch (cause) {
    logger.error({ err: cause }, "a webhook's answer could not be sent");
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  }
}

function callOf(request: IncomingMessage, response: ServerResponse): IncomingCall {
  const left = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) left.abort();
  });
  const method = request.method ?? "GET";
  return {
    method,
    url: request.url ?? "/",
    headers: headersOf(request),
    signal: left.signal,
    body: method === "GET" || method === "HEAD" ? null : request,
  };
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    try {
      for (const each of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, each);
    } catch {
      // The parser let through what no header can hold: it is not passed on.
    }
  }
  return headers;
}

const compress = promisify(gzip);
/** Bytes from which compressing is worth its time. */
const WORTH_COMPRESSING = 2048;
const COMPRESSIBLE = /^(text\/|application\/([\w.+-]+\+)?(json|xml|javascript))/;

async function contentOf(answer: Response): Promise<Buffer | null> {
  const content = answer instanceof WebhookAnswer ? answer.content : answer.body === null ? null : await answer.arrayBuffer();
  if (content === null) return null;
  return typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content as ArrayBuffer);
}

async function send(answer: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers: Record<string, string> = Object.fromEntries(answer.headers);
  let body = await contentOf(answer);
  if (COMPRESSIBLE.test(headers["content-type"] ?? "")) {
    if (headers.vary !== "*") headers.vary = [headers.vary, "accept-encoding"].filter(Boolean).join(", ");
    const { "accept-encoding": accepted = "" } = request.headers;
    if (body && body.length >= WORTH_COMPRESSING && /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(accepted))) {
      body = await compress(body);
      headers["content-encoding"] = "gzip";
    }
  }
  response.writeHead(answer.status, { ...headers, ...(body && { "content-length": body.length }) });
  response.end(request.method === "HEAD" ? undefined : (body ?? undefined));
}
