import { afterAll, beforeAll, expect, it } from "vitest";
import type { ExecutionMode } from "@/flow/execution/status";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { nodeRegistry } from "@/nodes/registry";
import { createEmbeddedEngine, type EmbeddedEngine } from "@/server/execution/embedded/engine";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";
import { LogWriter } from "@/server/execution/log-writer";
import { createRunExecution } from "@/server/execution/run";
import { logger } from "@/server/logger";
import { createSandbox } from "@/server/sandbox/sandbox";
import { sql } from "@/server/sql";
import { createFlow, createOrganization } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";

const database = withTestDatabase();
const sandbox = createSandbox({ size: 1 });
const refuse = () => Promise.reject(new Error("No node of this test goes outside"));
let engine: EmbeddedEngine;

beforeAll(async () => {
  const run = createRunExecution({
    pool: sql(),
    registry: nodeRegistry,
    http: { request: refuse },
    sandbox,
    checkHost: refuse,
    connect: refuse,
    logs: new LogWriter(sql(), logger),
    resumeUrl: () => "http://127.0.0.1/resume",
    maxVisits: 100,
    env: {},
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  engine = await createEmbeddedEngine({
    connectionString: database.url,
    run,
    logger: silent,
    liveBus: { isHeard: () => false, publish() {} },
    pollMs: 100,
  });
});
afterAll(async () => {
  await engine?.stop();
  await sandbox.close();
});

/** Manual Trigger → the given nodes, one after the other. */
const chain = (...nodes: [name: string, type: string, parameters: JsonObject][]): Graph =>
  graphSchema.parse({
    nodes: [["Start", "manual-trigger", {}], ...nodes].map(([name, type, parameters], index) => ({
      id: name,
      name,
      type,
      parameters,
      position: { x: index * 200, y: 0 },
    })),
    edges: nodes.map(([name], index) => ({ id: `e${index}`, source: index === 0 ? "Start" : nodes[index - 1]?.[0], target: name })),
  });

async function newFlow(graph: Graph) {
  const { id: organizationId } = await createOrganization();
  const { id: flowId } = await createFlow({ organizationId, graph });
  return async (item: JsonObject, mode: ExecutionMode = "api") => {
    const { executionId } = await engine.start({
      id: newExecutionId(),
      organizationId,
      flowId,
      flowName: "Test",
      flowVersion: null,
      graph,
      mode,
      triggerNodeId: "Start",
      items: [{ json: item }],
      variables: {},
      createdById: null,
      retryOfId: null,
      event: { id: newTriggerEventId(), triggerId: null, type: mode, dedupeKey: null },
    });
    return engine.outcome(executionId, "end", AbortSignal.timeout(60_000));
  };
}

it("keeps static data of executions that succeed, but for those that a person started by hand", async () => {
  const count = "const d = $getWorkflowStaticData('global'); d.n = (d.n || 0) + 1; return [{ json: { ...$input.first().json, n: d.n } }];";
  const check = "if ($input.first().json.fail) throw new Error('failed on purpose'); return $input.all();";
  const start = await newFlow(
    chain(["Count", "code", { code: count }], ["Again", "code", { code: count }], ["Check", "code", { code: check }]),
  );
  const counted = async (item: JsonObject, mode?: ExecutionMode) => {
    const { status, lastItems } = await start(item, mode);
    return [status, lastItems?.[0]?.json.n];
  };
  expect(await counted({})).toEqual(["succeeded", 2]);
  expect(await counted({})).toEqual(["succeeded", 4]);
  expect(await counted({ fail: true })).toEqual(["failed", undefined]);
  expect(await counted({}, "manual")).toEqual(["succeeded", 6]);
  expect(await counted({})).toEqual(["succeeded", 6]);
  const { rows } = await sql().query("select 1 from flow_storage where execution_id <> ''");
  expect(rows).toEqual([]);
});

it("counts each of 50 executions at the same time once", async () => {
  const start = await newFlow(chain(["Count", "storage", { operation: "increment", key: "n" }]));
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => start({})));
  const seen = outcomes.map(({ lastItems }) => Number(lastItems?.[0]?.json.value)).sort((one, other) => one - other);
  expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

it("gives only what earlier executions have not seen", async () => {
  const start = await newFlow(chain(["New", "remove-duplicates", { operation: "earlier", value: "={{ $json.id }}" }]));
  const ids = async (id: number) => (await start({ id })).lastItems?.map(({ json }) => json.id);
  expect([await ids(1), await ids(2), await ids(1)]).toEqual([[1], [2], []]);
});
