import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import type { NodeDefinition } from "@/flow/node/define-node";
import { actionSchema, toolSchema } from "@/flow/tools/schema";
import { catalog } from "@/nodes/catalog";
import { executors } from "@/nodes/executors";
import { executeForTest } from "@/nodes/testing/execute";
import { createHostCheck } from "@/server/http/check-host";
import { createConnect } from "@/server/http/connect";
import { type ClosableHttpClient, createHttpClient } from "@/server/http/guarded-client";
import { type Canary, startCanary } from "./canary-server";

/**
 * Each node of the catalog is given a private address in every parameter, credential field and item that could be one, with the
 * installation's own guards. A node that walks round them is heard by the canary. Those that go out are listed with what they need
 * besides to come to the guard, so that this test does see it.
 */
const GOES_OUT: Record<string, JsonObject> = {
  "http-request": {},
  graphql: { query: "{ a }" },
  "rss-read": {},
  "rss-trigger": {},
  "poll-http": {},
  "send-email": { from: "ada@example.test", to: "bob@example.test" },
  postgres: { operation: "query", query: "select 1" },
  action: { tool: "t", action: "a" },
  "action-trigger": { tool: "t", action: "a" },
  mysql: { operation: "query", query: "select 1" },
  ftp: {},
  imap: {},
  "imap-trigger": {},
  sftp: {},
  mongodb: {},
};

let canary: Canary;
let client: ClosableHttpClient;
beforeAll(async () => {
  canary = await startCanary();
  client = createHttpClient({ allowlist: [], defaultTimeoutMs: 5000 });
});
afterAll(async () => {
  await client.close();
  await canary.close();
});

const nodes = catalog.filter(({ type }) => Object.hasOwn(executors, type));

interface Shape {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
}

/** Parameters with the address wherever a text may stand, and each choice made once. */
function variants({ type, parameters }: NodeDefinition, text: string, port: number): JsonObject[] {
  const shape = z.toJSONSchema(parameters, { io: "input", unrepresentable: "any" }) as Shape;
  const fill = (of: Shape, name: string): unknown => {
    if (of.enum) return undefined;
    if (of.anyOf) return of.anyOf.map((each) => fill(each, name)).find((value) => value !== undefined);
    if (of.type === "string") return text;
    if (of.type === "array") {
      const entry = of.items && fill(of.items, name);
      return entry === undefined ? undefined : [entry];
    }
    if (of.type === "object") {
      const entries = Object.entries(of.properties ?? {}).map(([key, each]) => [key, fill(each, key)]);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    return (of.type === "number" || of.type === "integer") && /port/i.test(name) ? port : undefined;
  };
  const choices = Object.entries(shape.properties ?? {}).flatMap(([name, { enum: values = [] }]) =>
    values.map((value) => ({ [name]: value })),
  );
  const urls = Object.fromEntries(
    Object.entries(shape.properties ?? {}).flatMap(([name, each]) =>
      /url|uri|host|endpoint|address/i.test(name) && !each.enum ? [[name, text]] : [],
    ),
  );
  const filled = (fill(shape, "") ?? {}) as JsonObject;
  // With everything filled in, and with nothing but the addresses: some fields keep others from counting.
  return [{}, ...choices].flatMap((choice) => [
    { ...filled, ...choice },
    { ...urls, authentication: "none", ...GOES_OUT[type], ...choice },
    { ...urls, authentication: "credential", ...GOES_OUT[type], ...choice },
  ]) as JsonObject[];
}

const credentialOf = (host: string, port: number): Record<string, string> => ({
  ...Object.fromEntries(["host", "hostname", "server", "address", "endpoint"].map((name) => [name, host])),
  ...Object.fromEntries(["url", "uri", "baseUrl", "base_url"].map((name) => [name, `http://${host}:${port}/`])),
  ...Object.fromEntries(["connectionString", "connection_string", "dsn"].map((name) => [name, `x://ada:secret@${host}:${port}/db`])),
  port: String(port),
  user: "ada",
  username: "ada",
  password: "correct horse",
  database: "db",
  secure: "false",
  ssl: "false",
  tls: "false",
});

async function outcomes(definition: NodeDefinition, host: string): Promise<string[]> {
  const url = `http://${host}:${canary.port}/`;
  const credentials = { fields: credentialOf(host.replace(/^\[(.*)\]$/, "$1"), canary.port) };
  const slots = new Proxy({} as Record<string, Record<string, string>>, { get: () => credentials.fields });
  const said: string[] = [];
  for (const text of [url, host]) {
    for (const parameters of variants(definition, text, canary.port)) {
      const outcome = await executeForTest(definition.type, {
        parameters,
        // A trigger that polls does so when it is given nothing.
        items: definition.trigger === "poll" ? [] : [{ json: { url, host, data: url, query: "{ a }", text: url } }],
        credentials: slots,
        http: client,
        checkHost: createHostCheck({ allowlist: [] }),
        connect: createConnect({ allowlist: [] }),
        action: async () => ({
          ...actionSchema.parse({ key: "a", name: "A", endpoint: "/" }),
          tool: toolSchema.parse({ key: "t", name: "T", baseUrl: `http://${host}:${canary.port}` }),
          version: 1,
        }),
        signal: AbortSignal.timeout(5000),
      }).then(
        () => "done",
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      );
      said.push(outcome);
    }
  }
  return said;
}

describe.each(nodes.map((definition) => [definition.type, definition] as const))("the node %s", (type, definition) => {
  it("reaches no private address, whatever it is told", { timeout: 60_000 }, async () => {
    const said = await outcomes(definition as NodeDefinition, "127.0.0.1");
    expect(canary.connections()).toBe(0);
    if (type in GOES_OUT)
      expect(
        said.filter((each) => /not allowed/.test(each)),
        said.slice(0, 5).join("\n"),
      ).not.toEqual([]);
  });
});

it("names only nodes that there are", () => {
  expect(Object.keys(GOES_OUT).filter((type) => !nodes.some((each) => each.type === type))).toEqual([]);
});
