import { RetryAfterError } from "@/flow/execution/errors";
import type { JsonObject } from "@/flow/item";
import type { HttpResponse } from "@/flow/node/context";

/** Longest wait that a server may ask for by Retry-After. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Text of a body, in the charset that its content type names. */
export function decodeBody(bytes: Uint8Array, type: string): string {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** The error that a failing status is. A server that says when to come again is taken at its word. */
export function httpFailure(response: HttpResponse, request: { method: string; url: string }): Error {
  const error = statusError(response, request);
  // Some services, GitHub for one, say "too many" with 403.
  const waitMs = [403, 429, 503].includes(response.status) ? retryAfterMs(response.headers["retry-after"]) : undefined;
  if (waitMs === undefined) return error;
  return Object.assign(new RetryAfterError(error.message, waitMs), { httpStatus: response.status });
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (!header) return undefined;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
}

/** What a failing status says, in the server's words where it has some. */
function statusError(response: HttpResponse, request: { method: string; url: string }): Error & { httpStatus: number } {
  const text = decodeBody(response.body.subarray(0, 4000), response.headers["content-type"] ?? "").trim();
  let detail = text;
  try {
    const json = JSON.parse(text) as JsonObject;
    const found = [
      json.message,
      json.error_description,
      (json.error as JsonObject | undefined)?.message,
      json.error,
      json.detail,
      json.title,
      json.description,
      (json.errors as { message?: unknown }[] | undefined)?.[0]?.message,
      (json.errorMessages as unknown[] | undefined)?.[0],
    ];
    detail = found.find((each): each is string => typeof each === "string" && each !== "") ?? text;
  } catch {
    if (text.startsWith("<")) detail = "";
  }
  const url = new URL(response.url || request.url);
  const said = detail === "" ? "" : `: ${detail.slice(0, 500)}`;
  const message = `${request.method} ${url.origin}${url.pathname} answered ${response.status} ${response.statusText}`.trim() + said;
  return Object.assign(new Error(message), { httpStatus: response.status });
}
