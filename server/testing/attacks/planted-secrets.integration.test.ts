import { createHash, createHmac } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { JsonObject } from "@/flow/item";
import { env, resetEnv } from "@/server/env";
import { createEngine, type RunningEngine } from "@/server/execution/create-engine";
import { setEngine } from "@/server/execution/get-engine";
import { logger } from "@/server/logger";
import { liveBus } from "@/server/realtime/bus";
import { handleRest } from "@/server/rest/handler";
import { restRoutes } from "@/server/rest/routes";
import { createApiKey } from "@/server/services/api-keys/create";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { setTriggerSecret } from "@/server/services/triggers/secret";
import { createWebhook } from "@/server/services/webhooks/create";
import { testWebhook } from "@/server/services/webhooks/try";
import { sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { signedInCookie } from "@/server/testing/sign-in";
import { endedExecutions, lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleForm } from "@/server/triggers/public/form";
import { handleWebhook } from "@/server/triggers/webhook";
import { handleTrpc } from "@/server/trpc/handler";
import { appRouter } from "@/server/trpc/router";
import { type Canary, startCanary } from "./canary-server";

withTestDatabase();

/** One for each field, beside those of credentials, that holds what nobody may see again. */
const PLANTED = {
  "a webhook's header": "canary-hook-header-3kQ9zPw7",
  "a webhook's password": "canary-hook-password-8vTn2LxR",
  "what a webhook's calls are signed with": "canary-hook-hmac-5mBd6YcS",
  "a form's password": "canary-form-password-1aZe4UjG",
  "what outgoing webhooks are signed with": "canary-out-secret-7rHf0KoV",
  "a header of an outgoing webhook": "canary-out-header-2wXi8NbT",
};
const everything: string[] = [];
let canary: Canary;
let running: RunningEngine;
let ctx: ServiceContext;
let cookie: string;

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = "http://localhost:3000";
  canary = await startCanary();
  // What it answers is its own business; it says everything back that it was told.
  canary.answer = () => ({ said: canary.seen.at(-1) });
  process.env.HTTP_ALLOWLIST = canary.host;
  resetEnv();
  (globalThis as { tolstoyWebhookHttp?: unknown }).tolstoyWebhookHttp = undefined;
  logger.level = "trace";
  const stream = (logger as unknown as Record<symbol, { write(text: string): void }>)[pino.symbols.streamSym];
  if (!stream) throw new Error("The log goes nowhere");
  vi.spyOn(stream, "write").mockImplementation((text) => void everything.push(text));
  liveBus.subscribeAll((execution, events) => void everything.push(JSON.stringify([execution, events])));
  running = await createEngine(env(), { send: async () => {}, findRun: async () => "known" });
  setEngine(running.engine);
  const { member, context } = await createMember({ role: "owner" });
  ctx = context;
  cookie = await signedInCookie({ userId: member.userId, organizationId: member.organizationId });
});
afterAll(async () => {
  await running.stop();
  await canary.close();
  vi.restoreAllMocks();
  process.env.HTTP_ALLOWLIST = "";
  resetEnv();
});

async function trigger(type: string, parameters: JsonObject, secret: string): Promise<{ id: string; flowId: string }> {
  const echo = { type: "set", parameters: { fields: [{ name: "all", value: "={{ JSON.stringify($json) }}" }] } };
  const { id: flowId, triggers } = await createFlow({
    ctx,
    input: { graph: lineOf({ Start: { type, parameters }, Echo: echo }), publish: true },
  });
  const id = triggers[0]?.id ?? "";
  await setTriggerSecret({ ctx, input: { id, secret } });
  return { id, flowId };
}

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`ada:${password}`).toString("base64")}` });
const send = (id: string, headers: Record<string, string>, body = '{"n":1}') =>
  handleWebhook(
    new Request(`http://localhost:3000/api/hooks/${id}`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    }),
    id,
  );

async function use(): Promise<{ ids: string[]; answered: string[]; keys: string[] }> {
  const header = await trigger(
    "webhook-trigger",
    { authentication: "header", headerName: "X-Token", responseMode: "lastNode" },
    PLANTED["a webhook's header"],
  );
  const password = await trigger(
    "webhook-trigger",
    { authentication: "basic", username: "ada", responseMode: "lastNode" },
    PLANTED["a webhook's password"],
  );
  const signed = await trigger(
    "webhook-trigger",
    { authentication: "hmac", responseMode: "lastNode" },
    PLANTED["what a webhook's calls are signed with"],
  );
  const form = await trigger(
    "form-trigger",
    { authentication: "basic", username: "ada", responseMode: "lastNode" },
    PLANTED["a form's password"],
  );
  const signature = createHmac("sha256", PLANTED["what a webhook's calls are signed with"]).update('{"n":1}').digest("hex");
  const answers = [
    await send(header.id, { "x-token": PLANTED["a webhook's header"] }),
    await send(password.id, basic(PLANTED["a webhook's password"])),
    await send(signed.id, {
      "x-hub-signature-256": `sha256=${signature}`,
      "x-signature": signature,
      "x-signature-256": `sha256=${signature}`,
    }),
    await send(signed.id, { "x-signature": "wrong" }),
    await handleForm(
      new Request("http://localhost:3000/form/x", { method: "POST", body: new FormData(), headers: basic(PLANTED["a form's password"]) }),
      form.id,
    ),
  ];
  expect(answers.map(({ status }) => status).slice(0, 2)).toEqual([200, 200]);
  expect(answers[4]?.status).toBe(200);
  const out = await createWebhook({
    ctx,
    input: {
      name: "Out",
      url: `${canary.url}/hook`,
      eventTypes: ["flow.completed", "flow.failed"],
      secret: PLANTED["what outgoing webhooks are signed with"],
      headers: { "X-Api-Token": PLANTED["a header of an outgoing webhook"] },
    },
  });
  expect(await testWebhook({ ctx, input: { id: out.id } })).toMatchObject({ delivered: true });
  // It was sent, so this proves something.
  expect(canary.seen.join()).toContain(PLANTED["a header of an outgoing webhook"]);
  const { key } = await createApiKey({ ctx, input: { name: "Key", role: "admin" } });
  const executions = (await Promise.all([header, password, form].map(({ flowId }) => endedExecutions(flowId, 1)))).flat();
  const flows = [header, password, signed, form];
  return {
    ids: [...flows.flatMap(({ id, flowId }) => [id, flowId]), ...executions.map(({ id }) => id), out.id],
    answered: await Promise.all(answers.map((answer) => answer.text())),
    keys: [key],
  };
}

/** Every GET of the API and every query of the pages, with every id in every place. */
async function answersAbout(ids: readonly string[], key: string): Promise<{ text: string; found: number }> {
  const texts: string[] = [];
  let found = 0;
  const note = async (response: Response): Promise<void> => {
    if (response.ok) found++;
    texts.push(await response.text());
  };
  const paths = restRoutes
    .filter(({ method }) => method === "GET")
    .flatMap(({ path }) => (path.includes(":") ? ids.map((id) => path.replace(":key", "Echo%230").replaceAll(/:\w+/g, id)) : [path]));
  for (const path of new Set(paths)) {
    await note(await handleRest(new Request(`http://localhost:3000/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })));
  }
  const queries = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>).filter(
    ([, { _def }]) => _def.type === "query",
  );
  const inputs = [{}, ...ids.map((id) => ({ id, flowId: id, executionId: id, version: 1, key: "Echo#0", seq: 0 }))];
  for (const [path] of queries) {
    for (const input of inputs) {
      const url = `http://localhost:3000/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`;
      await note(await handleTrpc(new Request(url, { headers: { cookie } })));
    }
  }
  return { text: texts.join("\n"), found };
}

async function database(): Promise<string> {
  const { rows } = await sql().query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const dumps = await Promise.all(
    rows.map(async ({ name }) =>
      (await sql().query<{ row: string }>(`select t::text as row from "${name}" t`)).rows.map(({ row }) => row).join("\n"),
    ),
  );
  const files = await sql().query<{ bytes: Buffer }>("select bytes from payload");
  return [...dumps, ...files.rows.map(({ bytes }) => bytes.toString("latin1"))].join("\n");
}

it("secrets of triggers, webhooks and API keys are in no row, log, live event or answer", { timeout: 120_000 }, async () => {
  const { ids, answered, keys } = await use();
  const [key = ""] = keys;
  const { text, found } = await answersAbout(ids, key);
  expect(found).toBeGreaterThan(60);
  const places = {
    answers: text,
    "answers to callers": answered.join("\n"),
    database: await database(),
    "logs and live events": everything.join("\n"),
  };
  expect(places.database).toContain(createHash("sha256").update(key).digest("hex"));
  for (const [place, content] of Object.entries(places)) {
    for (const [what, secret] of [...Object.entries(PLANTED), ["an API key", key] as const]) {
      const forms = [
        secret,
        Buffer.from(secret).toString("base64").replace(/=+$/, ""),
        Buffer.from(`ada:${secret}`).toString("base64").replace(/=+$/, "").slice(0, -2),
        Buffer.from(secret).toString("hex"),
      ];
      for (const form of forms) expect(content.includes(form), `${what} (${form}) in ${place}`).toBe(false);
    }
  }
});
