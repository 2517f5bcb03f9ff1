import { expect } from "vitest";
import { handleTrpc } from "../handler";
import { appRouter } from "../router";

/** `query`, `mutation` or `subscription`; empty for a path that leads nowhere. */
export const kindOf = (path: string): string =>
  (appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>)[path]?._def.type ?? "";

export interface Answer {
  /** Of the error; `OK` without one. */
  code: string;
  message: string;
}

/** As a browser calls it. */
export async function call(path: string, input: unknown, cookie: string | null): Promise<Answer & { status: number }> {
  const response = await handleTrpc(requestOf(path, input, cookie));
  const text = await response.text();
  const body = text.startsWith("{") ? JSON.parse(text) : /event: serialized-error\ndata: (.*)/.exec(text)?.[1];
  return { status: response.status, ...answerOf(typeof body === "string" ? { error: JSON.parse(body) } : body) };
}

/** The most calls that the server takes in one request. */
const BATCH = 20;

/** One call for each input, as a browser makes several at once: in one request, where the procedure may be called so. */
export async function callAll(path: string, inputs: readonly unknown[], cookie: string): Promise<Answer[]> {
  if (kindOf(path) === "subscription") return Promise.all(inputs.map((input) => call(path, input, cookie)));
  const answers: Answer[] = [];
  for (let from = 0; from < inputs.length; from += BATCH) {
    const some = inputs.slice(from, from + BATCH);
    const response = await handleTrpc(requestOf(`${some.map(() => path).join()}?batch=1`, Object.fromEntries(some.entries()), cookie));
    const bodies: unknown = await response.json();
    // Each call was answered for itself: none was kept from its procedure by another.
    expect(bodies).toHaveLength(some.length);
    answers.push(...(bodies as object[]).map(answerOf));
  }
  return answers;
}

/** @param path may have a query */
function requestOf(path: string, input: unknown, cookie: string | null): Request {
  const headers = { "content-type": "application/json", ...(cookie && { cookie }) };
  const url = new URL(`http://localhost:3000/api/trpc/${path}`);
  if (kindOf(path.split(/[,?]/)[0] ?? "") === "mutation")
    return new Request(url, { method: "POST", headers, body: JSON.stringify(input ?? {}) });
  if (input !== undefined) url.searchParams.set("input", JSON.stringify(input));
  return new Request(url, { headers });
}

function answerOf(body: { error?: { message: string; data: { code: string } } } | undefined): Answer {
  return { code: body?.error?.data?.code ?? "OK", message: body?.error?.message ?? "" };
}
