import { createHash, createHmac } from "node:crypto";
import http from "node:http";

export interface SdkResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** Undefined when the body is not JSON. */
  json: unknown;
}

/** JSON with sorted keys (RFC 8785), which is what gets signed: whitespace and order on the way do not matter. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join()}}`;
}

/** Value of `x-inngest-signature`: the key's prefix (`signkey-prod-`) is no part of the secret. */
export function signatureOf(body: string, signingKey: string): string {
  const seconds = Math.floor(Date.now() / 1000).toString();
  const secret = signingKey.replace(/^signkey-\w+-/, "");
  return `t=${seconds}&s=${createHmac("sha256", secret)
    .update(canonical(JSON.parse(body)))
    .update(seconds)
    .digest("hex")}`;
}

/** What the SDK sends as its bearer token: the prefix, and the hash of the key's bytes. */
export function bearerOf(signingKey: string): string {
  const prefix = /^signkey-\w+-/.exec(signingKey)?.[0] ?? "";
  return (
    prefix +
    createHash("sha256")
      .update(Buffer.from(signingKey.slice(prefix.length), "hex"))
      .digest("hex")
  );
}

/** One call of the app's endpoint, on a connection of its own, so that a restarted app is never met through a dead socket. */
export function callSdk(method: string, url: URL | string, headers: http.OutgoingHttpHeaders, body: string): Promise<SdkResponse> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method, agent: false, headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
