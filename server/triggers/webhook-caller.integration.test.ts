import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { duplicateFlow } from "@/server/services/flows/duplicate";
import { getFlow } from "@/server/services/flows/get";
import { publishFlow } from "@/server/services/flows/publish";
import { setTriggerSecret } from "@/server/services/triggers/secret";
import { hookGraph } from "@/server/testing/executions";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleWebhook } from "./webhook";

withTestDatabase();

const AUTH = "a secret for tests that nobody uses elsewhere";
const SECRET = "correct horse battery staple of 32 bytes";
let ctx: ServiceContext;
let engine: RecordingEngine;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = AUTH;
  resetEnv();
  ({ context: ctx } = await createMember({ role: "editor" }));
});
beforeEach(() => {
  engine = recordingEngine();
  setEngine(engine);
});

async function publishHook(parameters: JsonObject, secret: string | null = SECRET): Promise<{ id: string; flowId: string }> {
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph: hookGraph(parameters), publish: true } });
  const id = triggers[0]?.id ?? "";
  if (secret !== null) await setTriggerSecret({ ctx, input: { id, secret } });
  return { id, flowId };
}

const call = (id: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  handleWebhook(
    new Request(`http://localhost:3000/api/hooks/${id}`, {
      method: "POST",
      body: '{"n":1}',
      headers: { "content-type": "application/json", ...headers },
      ...init,
    }),
    id,
  );

async function refuses(id: string, headers: Record<string, string>): Promise<void> {
  const answer = await call(id, headers);
  expect([answer.status, await answer.json()]).toEqual([401, { error: { code: "unauthenticated", message: expect.any(String) } }]);
  expect(engine.started).toEqual([]);
}

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
const startedJson = () => engine.started[0]?.items[0]?.json as JsonObject & { headers: Record<string, string> };

describe("a secret in a header", () => {
  test("lets in who has it, and never reaches the flow's history", async () => {
    const { id } = await publishHook({ authentication: "header", headerName: "X-Token" });
    for (const wrong of [{}, { "X-Token": "" }, { "X-Token": `${SECRET}x` }, { "X-Token": SECRET.slice(1) }, { "X-API-Key": SECRET }])
      await refuses(id, wrong as Record<string, string>);
    expect((await call(id, { "X-Token": SECRET })).status).toBe(200);
    expect(JSON.stringify(engine.started)).not.toContain(SECRET);
    expect(startedJson().headers["x-token"]).toBe("(hidden)");
  });

  test("counts from the moment that it is replaced", async () => {
    const { id } = await publishHook({ authentication: "header" });
    await setTriggerSecret({ ctx, input: { id, secret: "another secret" } });
    await refuses(id, { "X-API-Key": SECRET });
    expect((await call(id, { "X-API-Key": "another secret" })).status).toBe(200);
  });
});

test("user and password", async () => {
  const { id } = await publishHook({ authentication: "basic", username: "ada" });
  for (const wrong of [{}, basic("ada:"), basic(`bob:${SECRET}`), basic(SECRET), { authorization: "Basic %%%" }])
    await refuses(id, wrong as Record<string, string>);
  expect((await call(id)).headers.get("www-authenticate")).toContain("Basic");
  expect((await call(id, basic(`ada:${SECRET}`))).status).toBe(200);
  expect(startedJson().headers.authorization).toBe("(hidden)");
});

describe("a JWT", () => {
  const token = async (key: KeyObject | Uint8Array, algorithm: string, claims: JsonObject = { sub: "ada" }, expires = "1m") => ({
    authorization: `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: algorithm }).setExpirationTime(expires).sign(key)}`,
  });
  const shared = new TextEncoder().encode(SECRET);

  test("of a shared secret is checked, and what it says goes to the flow", async () => {
    const { id } = await publishHook({ authentication: "jwt", jwtIssuer: "shop", jwtAudience: "flows" });
    const claims = { sub: "ada", iss: "shop", aud: "flows" };
    await refuses(id, {});
    await refuses(id, { authorization: "Bearer x.y.z" });
    await refuses(id, await token(shared, "HS256", claims, "-1m"));
    await refuses(id, await token(shared, "HS256", { ...claims, iss: "evil" }));
    await refuses(id, await token(shared, "HS256", { ...claims, aud: "else" }));
    await refuses(id, await token(shared, "HS512", claims));
    await refuses(id, await token(new TextEncoder().encode("another secret of at least 32 bytes…"), "HS256", claims));
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
    await refuses(id, { authorization: `Bearer ${none}` });
    expect((await call(id, await token(shared, "HS256", claims))).status).toBe(200);
    expect(startedJson().jwtPayload).toMatchObject({ sub: "ada", iss: "shop" });
  });

  test.each<[string, () => { publicKey: KeyObject; privateKey: KeyObject }]>([
    ["RS256", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["ES256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ["EdDSA", () => generateKeyPairSync("ed25519")],
  ])("of a key pair (%s) needs no secret, and the public key is none", async (algorithm, generate) => {
    const { publicKey, privateKey } = generate();
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const { id } = await publishHook({ authentication: "jwt", jwtAlgorithm: algorithm, jwtPublicKey: pem }, null);
    await refuses(id, await token(new TextEncoder().encode(pem), "HS256"));
    await refuses(id, await token(generate().privateKey, algorithm));
    expect((await call(id, await token(privateKey, algorithm))).status).toBe(200);
  });

  test.each([
    ["none", ""],
    ["a private key", generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
  ])("is not published with %s in place of the public key", async (_name, jwtPublicKey) => {
    const graph = hookGraph({ authentication: "jwt", jwtAlgorithm: "RS256", jwtPublicKey });
    await expect(createFlow({ ctx, input: { graph, publish: true } })).rejects.toThrow(/"jwtPublicKey": is /);
  });
});

test("a signature of the body, whatever its content", async () => {
  const { id } = await publishHook({ authentication: "hmac" });
  const sign = (body: string) => ({ "X-Hub-Signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}` });
  await refuses(id, {});
  await refuses(id, sign('{"n":2}'));
  expect((await call(id, sign('{"n":1}'))).status).toBe(200);
  expect((await call(id, sign(""), { body: "" })).status).toBe(200);
});

describe("the secret itself", () => {
  test("is missing: calls are refused, and publishing says so", async () => {
    const { id, flowId } = await publishHook({ authentication: "header" }, null);
    await refuses(id, { "X-API-Key": "" });
    expect((await publishFlow({ ctx, input: { id: flowId } })).issues).toMatchObject([{ severity: "warning", nodeName: "Webhook" }]);
    await setTriggerSecret({ ctx, input: { id, secret: SECRET } });
    expect((await publishFlow({ ctx, input: { id: flowId } })).issues).toEqual([]);
    await setTriggerSecret({ ctx, input: { id, secret: null } });
    await refuses(id, { "X-API-Key": SECRET });
  });

  test("is in no answer, no copy of the flow, no audit entry, and sealed in the database", async () => {
    const { id, flowId } = await publishHook({ authentication: "header" });
    const { id: copyId } = await duplicateFlow({ ctx, input: { id: flowId } });
    const seen = [await getFlow({ ctx, input: { id: flowId } }), await getFlow({ ctx, input: { id: copyId } })];
    expect(seen.map(({ triggers }) => triggers[0]?.hasSecret)).toEqual([true, false]);
    const rows = await Promise.all([db().trigger.findMany(), db().auditLog.findMany(), db().flow.findMany()]);
    const text = JSON.stringify([seen, rows], (_key, value) => (typeof value === "bigint" ? String(value) : value));
    expect(text).not.toContain(SECRET);
    expect(text).toContain(id);
  });

  test("of another trigger's row is of no use", async () => {
    const [one, two] = [await publishHook({ authentication: "header" }), await publishHook({ authentication: "header" }, "the other one")];
    const { secret } = await db().trigger.findUniqueOrThrow({ where: { id: one.id } });
    await db().trigger.update({ where: { id: two.id }, data: { secret } });
    expect((await call(two.id, { "X-API-Key": SECRET })).status).toBe(503);
    expect(engine.started).toEqual([]);
  });
});

describe("pages in a browser", () => {
  const origin = "https://shop.example";

  test("that are listed may ask, call and read the answer", async () => {
    const { id } = await publishHook({ allowedOrigins: "https://a.example, https://Shop.example/", methods: ["POST", "PUT"] }, null);
    const preflight = await call(
      id,
      { origin, "access-control-request-method": "PUT", "access-control-request-headers": "content-type,x-a" },
      {
        method: "OPTIONS",
        body: null,
      },
    );
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "POST, PUT",
      "access-control-allow-headers": "content-type,x-a",
      vary: "Origin",
    });
    const answer = await call(id, { origin });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
    const wrong = await call(id, { origin }, { body: "{" });
    expect([wrong.status, wrong.headers.get("access-control-allow-origin")]).toEqual([400, origin]);
  });

  test("that are not listed start nothing; programs, which send no origin, do", async () => {
    const { id } = await publishHook({ allowedOrigins: origin }, null);
    for (const foreign of ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"]) {
      const answer = await call(id, { origin: foreign });
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([403, null]);
      const preflight = await call(id, { origin: foreign }, { method: "OPTIONS", body: null });
      expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect(engine.started).toEqual([]);
    expect((await call(id)).status).toBe(200);
  });

  test("of any origin, where that is said; of none by default", async () => {
    const open = await publishHook({ allowedOrigins: "*" }, null);
    expect((await call(open.id, { origin })).headers.get("access-control-allow-origin")).toBe("*");
    const closed = await publishHook({}, null);
    expect((await call(closed.id, { origin })).headers.get("access-control-allow-origin")).toBeNull();
  });
});

test("the raw body travels beside the parsed one where that is wanted", async () => {
  const { id } = await publishHook({ rawBody: true }, null);
  await call(id, {}, { body: '{ "n" : 1 }' });
  const [item] = engine.started[0]?.items ?? [];
  expect(item?.json.body).toEqual({ n: 1 });
  expect(item?.binary?.data).toMatchObject({ mimeType: "application/json", data: Buffer.from('{ "n" : 1 }').toString("base64") });
});
