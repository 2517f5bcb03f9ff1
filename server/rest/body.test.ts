import { expect, test } from "vitest";
import { MalformedBodyError, parseJson, readBody } from "./body";
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
