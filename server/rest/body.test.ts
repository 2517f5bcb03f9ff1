import { expect, test } from "vitest";
import { assertParsable, MalformedBodyError, parseJson, readBody } from "./body";
import { errorResponse } from "./errors";

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("http://localhost/", { method: "POST", body, headers, duplex: "half" } as RequestInit);

/** A body in pieces; `end` closes it, or breaks it off with an error. */
const stream = (pieces: number, end: (controller: ReadableStreamDefaultController) => void) => {
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < pieces) controller.enqueue(new Uint8Array(1024));
      else end(controller);
    },
  });
};

test("a body within the limit comes whole", async () => {
  const body = await readBody(post(stream(3, (controller) => controller.close())), 3072);
  expect(body.byteLength).toBe(3072);
});

test("an endless body is cut off at the limit", async () => {
  const body = stream(Number.POSITIVE_INFINITY, () => {});
  await expect(readBody(post(body), 10_000)).rejects.toMatchObject({ code: "too_large" });
});

test("a body that breaks off is the sender's fault, whatever error says so", async () => {
  const reset = Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  const thrown = await readBody(post(stream(2, (controller) => controller.error(reset))), 10_000).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(MalformedBodyError);
  expect(errorResponse(thrown as MalformedBodyError).status).toBe(400);
});

test("what is no JSON is refused with the reason", () => {
  expect(() => parseJson(Buffer.from("{"))).toThrow(MalformedBodyError);
  expect(parseJson(Buffer.alloc(0))).toBeUndefined();
});

test("what is small as text and huge as values is refused before it is parsed", () => {
  const bomb = Buffer.from(`[${Array.from({ length: 1_000_001 }, () => "{}").join(",")}]`);
  expect(() => parseJson(bomb)).toThrow(/more than 1000000 lists and objects/);
  expect(() => assertParsable(Buffer.from(JSON.stringify({ text: "x".repeat(5_000_000) })))).not.toThrow();
  expect(parseJson(Buffer.from(JSON.stringify(Array.from({ length: 300_000 }, () => ({ a: 1 })))))).toHaveLength(300_000);
});
