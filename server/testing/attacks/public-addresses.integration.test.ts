import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { ServiceError } from "@/server/services/errors";
import { createFlow } from "@/server/services/flows/create";
import { setTriggerSecret } from "@/server/services/triggers/secret";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleChat } from "@/server/triggers/public/chat";
import { handleForm } from "@/server/triggers/public/form";
import { handleWebhook } from "@/server/triggers/webhook";

withTestDatabase();

const SECRET = "correct horse battery staple of 32 bytes";
const ADDRESS = "x-tolstoy-client-address";
let ctx: ServiceContext;
let engine: RecordingEngine;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  resetEnv();
  ({ context: ctx } = await createMember({ role: "editor" }));
});
beforeEach(() => {
  engine = recordingEngine();
  setEngine(engine);
});

const KINDS = {
  form: { type: "form-trigger", handle: handleForm },
  chat: { type: "chat-trigger", handle: handleChat },
  webhook: { type: "webhook-trigger", handle: handleWebhook },
} as const;

async function open(kind: keyof typeof KINDS, parameters: JsonObject = {}): Promise<(init?: RequestInit) => Promise<Response>> {
  const { type, handle } = KINDS[kind];
  const { triggers } = await createFlow({ ctx, input: { graph: lineOf({ Page: { type, parameters } }), publish: true } });
  const id = triggers[0]?.id ?? "";
  if (parameters.authentication) await setTriggerSecret({ ctx, input: { id, secret: SECRET } });
  return (init = {}) => handle(new Request("http://localhost:3000/x", { method: "POST", ...init }), id);
}

const basic = (password: string, address: string) => ({
  authorization: `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`,
  [ADDRESS]: address,
});
const json = { "content-type": "application/json" };
const said = JSON.stringify({ sessionId: "s", chatInput: "hi" });

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])("a public %s", (kind) => {
  test("lets nobody guess its password, and others meanwhile in", async () => {
    const send = await open(kind, { authentication: "basic", username: "ada" });
    const guesses = await Promise.all(Array.from({ length: 100 }, (_, n) => send({ headers: basic(`guess ${n}`, "203.0.113.1") })));
    const statuses = guesses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(70);
    const late = await send({ headers: basic(SECRET, "203.0.113.1") });
    expect([late.status, Number(late.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    const other = await send({ headers: { ...json, ...basic(SECRET, "203.0.113.2") }, body: kind === "chat" ? said : "{}" });
    expect([401, 429]).not.toContain(other.status);
  });

  test("answers below 500, and starts nothing, whatever it is sent", async () => {
    const send = await open(kind, kind === "webhook" ? { responseMode: "immediately" } : {});
    const form = "application/x-www-form-urlencoded";
    const bodies: [string, BodyInit, boolean][] = [
      [form, "a&".repeat(8_000_000), true],
      ["multipart/form-data; boundary=x", `--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n`.repeat(200_000), true],
      ["multipart/form-data", "x", kind !== "chat"],
      ["application/json", "[".repeat(100_000), kind === "webhook"],
      ["application/json", `[${"{},".repeat(1_000_001)}{}]`, kind === "webhook"],
      [form, "x".repeat(17 * 1024 * 1024), true],
    ];
    for (const [type, body, isMeant] of bodies) {
      const { status } = await send({ headers: { "content-type": type }, body });
      expect(status, `${type} ${String(body).slice(0, 20)}`).toBeLessThan(500);
      if (isMeant) expect([400, 413], `${type} ${String(body).slice(0, 20)}`).toContain(status);
    }
    expect(engine.started).toEqual([]);
  });

  // Who waits for an answer is told to come back; what nobody waits for starts once there is room. Either is in the ledger.
  const full = { form: [200, null, "busy"], chat: [429, "15", "refused"], webhook: [202, null, "busy"] }[kind];

  test("loses nothing while too much is queued, and is at no fault", async () => {
    const send = await open(kind);
    const { id: latest } = await db().trigger.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    engine.start = () => Promise.reject(new ServiceError("rate_limited", "Too much is queued.", { retryAfterSeconds: 15 }));
    const init = kind === "form" ? { body: new FormData() } : { headers: json, body: said };
    const answer = await send(init);
    const kept = await db().triggerEvent.findFirstOrThrow({ where: { triggerId: latest } });
    expect([answer.status, answer.headers.get("retry-after"), kept.heldFor]).toEqual(full);
  });
});
