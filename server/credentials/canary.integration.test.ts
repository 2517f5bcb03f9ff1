import pino from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { followUntil, type OpenIdProvider, startOpenIdProvider } from "@/e2e/support/openid-provider/server";
import type { CredentialType } from "@/flow/credentials/types";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import { db } from "@/server/db";
import { env, resetEnv } from "@/server/env";
import { createEngine, type RunningEngine } from "@/server/execution/create-engine";
import { setEngine } from "@/server/execution/get-engine";
import { logger } from "@/server/logger";
import { liveBus } from "@/server/realtime/bus";
import { handleRest } from "@/server/rest/handler";
import type { ServiceContext } from "@/server/services/context";
import { createCredential } from "@/server/services/credentials/create";
import { startExecution } from "@/server/services/executions/start";
import { beginOAuth } from "@/server/services/oauth/begin";
import { completeOAuth } from "@/server/services/oauth/complete";
import { setOAuthConfig } from "@/server/services/oauth/config";
import { sql } from "@/server/sql";
import { createApiKey, createFlow, createMember, createOrganization } from "@/server/testing/factories";
import { signedInCookie } from "@/server/testing/sign-in";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleTrpc } from "@/server/trpc/handler";
import { openCredential } from "./open";

withTestDatabase();

const REDIRECT = "http://localhost:3000/oauth/callback";
const planted = {
  api_key: "canary-api-key-Zk3+/7Qw9xPl",
  api_secret: "canary-api-secret-5tGbN2",
  password: 'canary "password" ü&?=',
  token: "canary-bearer-token-8uJmV4",
  custom: "canary-custom-value-1qAzX",
};
const everything: string[] = [];
let provider: OpenIdProvider;
let running: RunningEngine;
let ctx: ServiceContext;
let organizationId: string;
let cookie: string;
let apiKey: string;

beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = "http://localhost:3000";
  provider = await startOpenIdProvider({ redirectUris: [REDIRECT] });
  process.env.HTTP_ALLOWLIST = provider.host;
  resetEnv();
  logger.level = "trace";
  const stream = (logger as unknown as Record<symbol, { write(text: string): void }>)[pino.symbols.streamSym];
  if (!stream) throw new Error("The log goes nowhere");
  vi.spyOn(stream, "write").mockImplementation((text) => void everything.push(text));
  liveBus.subscribeAll((execution, events) => void everything.push(JSON.stringify([execution, events])));
  running = await createEngine(env(), { send: async () => {}, findRun: async () => "known" });
  setEngine(running.engine);
});
afterAll(async () => {
  await running.stop();
  await provider.close();
  vi.restoreAllMocks();
  resetEnv();
});
beforeEach(async () => {
  organizationId = (await createOrganization({ maxConcurrent: 50 })).id;
  const { member, context } = await createMember({ organizationId, role: "admin" });
  ctx = context;
  cookie = await signedInCookie({ userId: member.userId, organizationId });
  apiKey = (await createApiKey({ organizationId, role: "admin" })).key;
});

/** A call with the credential, what its answer says shown again by an expression, in code and by a log, and a second call that fails. */
function echoing(credentialId: string, type: string): Graph {
  const call = (id: string, url: string, x: number) => ({
    id,
    name: id,
    type: "http-request",
    version: 1,
    position: { x, y: 0 },
    parameters: { url, method: "POST", authentication: "credential", body: "raw", bodyText: "hello" },
    credentials: { credential: { id: credentialId, name: type } },
  });
  const nodes = [
    { id: "start", name: "start", type: "manual-trigger", version: 1, position: { x: 0, y: 0 } },
    call("echo", `${provider.issuer}/api/echo`, 200),
    {
      id: "code",
      name: "code",
      type: "code",
      version: 1,
      position: { x: 400, y: 0 },
      parameters: {
        code: "console.log(JSON.stringify($input.all())); return $input.all().map((item) => ({ json: { again: item.json, text: JSON.stringify(item.json) } }));",
      },
    },
    {
      ...call("fails", `={{ "${provider.issuer}/api/echo?status=500&said=" + encodeURIComponent($json.text) }}`, 600),
      settings: { onError: "continue" },
    },
    call("fatal", `${provider.issuer}/api/echo?status=400`, 800),
  ];
  const ids = nodes.map(({ id }) => id);
  return graphSchema.parse({ nodes, edges: ids.slice(1).map((target, index) => ({ id: `e${index}`, source: ids[index], target })) });
}

async function run(graph: Graph): Promise<string> {
  const flow = await createFlow({ organizationId, graph });
  const { executionId } = await startExecution({ ctx, input: { flowId: flow.id } });
  await running.engine.outcome(executionId, "end", AbortSignal.timeout(30_000));
  return executionId;
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
  const files = await db().payload.findMany();
  return [...dumps, ...files.map(({ bytes }) => Buffer.from(bytes).toString("latin1"))].join("\n");
}

/** Everything that the API and the pages answer about the organization. */
async function answers(executionId: string, credentialId: string): Promise<string> {
  const get = async (path: string) =>
    (await handleRest(new Request(`http://localhost:3000/api/v1${path}`, { headers: { authorization: `Bearer ${apiKey}` } }))).text();
  const ask = async (path: string, input: unknown) =>
    (
      await handleTrpc(
        new Request(`http://localhost:3000/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers: { cookie } }),
      )
    ).text();
  const steps = ["start#0", "echo#0", "code#0", "fails#0", "fatal#0"];
  const texts = await Promise.all([
    ...[
      "/credentials",
      `/credentials/${credentialId}`,
      "/tools/secrets",
      `/executions/${executionId}`,
      "/executions",
      `/execution-logs/${executionId}`,
    ].map(get),
    ...steps.map((key) => get(`/executions/${executionId}/steps/${encodeURIComponent(key)}`)),
    ask("credentials.list", {}),
    ask("credentials.get", { id: credentialId }),
    ask("audit.list", {}),
    ask("executions.get", { id: executionId }),
    ...steps.map((key) => ask("executions.step", { id: executionId, key })),
  ]);
  return texts.join("\n");
}

const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -2),
];

function expectNone(text: string, secrets: readonly string[], where: string): void {
  for (const secret of secrets) for (const form of formsOf(secret)) expect(text.includes(form), `${where} holds ${form}`).toBe(false);
}

const KINDS: { type: Exclude<CredentialType, "oauth2">; fields: Record<string, string>; settings?: object; secrets: string[] }[] = [
  { type: "api_key", fields: { api_key: planted.api_key, api_secret: planted.api_secret }, secrets: [planted.api_key, planted.api_secret] },
  {
    type: "api_key",
    fields: { api_key: planted.api_key },
    settings: { placements: [{ in: "query", name: "key", field: "api_key", prefix: "" }] },
    secrets: [planted.api_key],
  },
  {
    type: "basic_auth",
    fields: { username: "ada", password: planted.password },
    secrets: [planted.password, Buffer.from(`ada:${planted.password}`).toString("base64")],
  },
  { type: "bearer", fields: { token: planted.token }, secrets: [planted.token] },
  {
    type: "custom",
    fields: { signing: planted.custom },
    settings: { placements: [{ in: "header", name: "X-Plain", field: "signing", prefix: "v1=" }] },
    secrets: [planted.custom],
  },
];

describe("secrets that are planted and said back by a service", () => {
  it.each(KINDS)("of the kind $type are in no row, log, live event or answer", async ({ type, fields, settings, secrets }) => {
    const { id } = await createCredential({
      ctx,
      input: { name: "Echo", type, fields, allowedHosts: [provider.issuer], ...(settings && { settings }) },
    });
    const executionId = await run(echoing(id, type));
    const shown = await answers(executionId, id);
    // The services did say them back: otherwise this test would prove nothing.
    expect(shown).toContain("[redacted]");
    expect(shown).toContain("You sent");
    expectNone(shown, secrets, "an answer");
    expectNone(await database(), secrets, "the database");
    expectNone(everything.join("\n"), secrets, "a log or live event");
  });

  it("of OAuth are in none either; fifty executions on an expired token refresh it once", async () => {
    await setOAuthConfig({
      ctx,
      input: {
        toolId: "local",
        config: {
          clientId: provider.clientId,
          clientSecret: provider.clientSecret,
          scope: "openid offline_access",
          endpoints: { issuer: provider.issuer, hosts: [provider.issuer], parameters: { prompt: "consent" } },
        },
      },
    });
    const begun = await beginOAuth({ ctx, input: { provider: "local" }, browser: "this" });
    const back = await followUntil(begun.url ?? "", REDIRECT);
    const { credentialId } = await completeOAuth({
      ctx,
      input: Object.fromEntries(back.searchParams) as { state: string },
      browser: "this",
    });
    const { fields } = await openCredential(await db().credential.findUniqueOrThrow({ where: { id: credentialId } }));
    await db().credential.update({ where: { id: credentialId }, data: { tokenExpiresAt: new Date(Date.now() - 1000) } });

    const graph = echoing(credentialId, "oauth2");
    const plain = graphSchema.parse({ ...graph, nodes: graph.nodes.slice(0, 2), edges: graph.edges.slice(0, 1) });
    const flow = await createFlow({ organizationId, graph: plain });
    const started = await Promise.all(Array.from({ length: 50 }, () => startExecution({ ctx, input: { flowId: flow.id } })));
    const outcomes = await Promise.all(
      started.map(({ executionId }) => running.engine.outcome(executionId, "end", AbortSignal.timeout(60_000))),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["succeeded"]));
    expect(provider.counts).toMatchObject({ refreshed: 1, refusedGrants: 0 });

    const executionId = await run(graph);
    const secrets = [...provider.tokens, ...Object.values(fields).filter((value) => value.length > 30), provider.clientSecret];
    const shown = await answers(executionId, credentialId);
    expect(shown).toContain("[redacted]");
    expectNone(shown, secrets, "an answer");
    expectNone(await database(), secrets, "the database");
    expectNone(everything.join("\n"), secrets, "a log or live event");
  });
});
