import { beforeAll, describe, expect, test } from "vitest";
import { setEngine } from "@/server/execution/get-engine";
import { HOSTILE_TEXTS } from "@/server/testing/hostile-values";
import { recordingEngine } from "@/server/testing/recording-engine";
import { createTenant, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleRest } from "./handler";
import { restRoutes } from "./routes";

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

let home: Tenant;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  setEngine(recordingEngine());
  home = await createTenant();
});

const call = async (method: string, path: string, init: { headers?: Record<string, string>; body?: string } = {}) => {
  const headers = { authorization: `Bearer ${home.members.owner.apiKey}`, "content-type": "application/json", ...init.headers };
  const response = await handleRest(new Request(`http://localhost:3000/api/v1${path}`, { ...init, method, headers }));
  return { status: response.status, text: await response.text() };
};

const QUERY = ["flowId", "status", "mode", "from", "to", "cursor", "limit", "offset", "search", "attempt", "publish", "level", "stepKey"];
const BODIES = [
  "",
  "{",
  "[]",
  "null",
  "1",
  '"a"',
  "[".repeat(100_000),
  '{"__proto__":{"a":1}}',
  '{"graph":[]}',
  '{"graph":{"nodes":{"$gt":""}}}',
];
const MORE = [
  '{"name":{"contains":""},"graph":{}}',
  `{"graph":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`,
  '{"variables":[]}',
  '{"items":[{"json":{},"binary":{"data":{"id":"of another organization","mimeType":"text/plain"}}}]}',
  '{"name":"n","description":"a\\u0000b","graph":{"nodes":[],"edges":[]}}',
  `{"graph":{"edges":[],"nodes":[${Array.from({ length: 100_000 }, () => "{}").join(",")}]}}`,
];

/** Whatever has a name is an event: nothing comes of one that no flow waits for. */
const TAKES_ANY_OBJECT = new Set(["POST /events"]);

describe.each(restRoutes.map(({ method, path }) => [method, path] as const))("%s %s", (method, path) => {
  const real = path.replace(":id", "flow-nowhere").replace(":key", "a%230").replace(":executionId", "exec_nowhere");

  test("with hostile values in query, path and headers answers below 500", async () => {
    for (const text of HOSTILE_TEXTS) {
      const value = encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, "\uFFFD"));
      const targets = [...QUERY.map((name) => `${real}?${name}=${value}`), path.replace(/:[a-zA-Z]+/g, () => value)];
      for (const target of targets) {
        const answer = await call(method, target);
        expect(answer.status, `${target}: ${answer.text}`).toBeLessThan(500);
      }
    }
  });

  test.runIf(method === "POST" || method === "PUT")("with any body answers below 500, and never makes anything of it", async () => {
    const before = await call("GET", "/flows?limit=100");
    for (const body of [...BODIES, ...MORE]) {
      const answer = await call(method, real, { body });
      if (!(answer.status === 202 && TAKES_ANY_OBJECT.has(`${method} ${path}`))) {
        expect(answer.status, `${body.slice(0, 80)}: ${answer.text.slice(0, 300)}`).toBeGreaterThanOrEqual(400);
      }
      expect(answer.status, `${body.slice(0, 80)}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
    }
    expect((await call("GET", "/flows?limit=100")).text).toBe(before.text);
  });
});

test("what is none of a caller's to say is not taken from a flow's JSON", async () => {
  const graph = { nodes: [], edges: [] };
  const forged = {
    id: "chosen",
    organizationId: "org-else",
    createdById: "user-else",
    active: true,
    publishedVersion: 7,
    createdAt: "2000-01-01",
  };
  const made = await call("POST", "/flows", { body: JSON.stringify({ name: "n", graph: { ...graph, ...forged }, ...forged }) });
  expect(made.status).toBe(201);
  const { id } = JSON.parse(made.text) as { id: string };
  const { db } = await import("@/server/db");
  const flow = await db().flow.findUniqueOrThrow({ where: { id } });
  expect(flow).toMatchObject({ organizationId: home.organizationId, active: false, publishedVersion: null, createdById: null });
  expect(flow.id).not.toBe("chosen");
  expect(flow.createdAt.getUTCFullYear()).toBeGreaterThan(2020);
  expect(Object.keys(flow.draft as object).sort()).toEqual(["edges", "nodes", "settings", "variables"]);
});

test("a workflow of n8n whose names are those of prototypes is read, and changes none", async () => {
  const body =
    '{"nodes":[{"type":"__proto__","name":"constructor","parameters":{"__proto__":{"polluted":1}}},{"type":"n8n-nodes-base.set","name":"__proto__"}],' +
    '"connections":{"__proto__":{"main":[[{"node":"constructor","type":"main","index":0}]]}},"pinData":{"__proto__":[{"json":{"__proto__":{"polluted":1}}}]}}';
  expect((await call("POST", "/flows", { body })).status).toBe(201);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
