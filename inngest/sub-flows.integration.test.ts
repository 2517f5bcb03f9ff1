import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { nodeRegistry } from "@/nodes/registry";
import { EndDispatcher } from "@/server/execution/ends/end-dispatcher";
import { followEnds } from "@/server/execution/ends/follow-end";
import type { ExecutionEngine } from "@/server/execution/engine";
import { LogWriter } from "@/server/execution/log-writer";
import { createRunExecution } from "@/server/execution/run";
import { createFlowStarter } from "@/server/execution/sub-flows/starter";
import { logger } from "@/server/logger";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { lineOf } from "@/server/testing/with-running-engine";
import { startTestApp, type TestApp } from "./testing/app";
import { addOrganization, newExecution, Observer, ORGANIZATION, until } from "./testing/harness";

const refuse = () => Promise.reject(new Error("no node of these flows asks for this"));

describe("flows as steps of flows", () => {
  let database: TestDatabase;
  let server: InngestServer;
  let pool: pg.Pool;
  let app: TestApp;
  let ends: EndDispatcher;
  let observe: Observer;
  let flows = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startInngestServer();
    pool = new pg.Pool({ connectionString: database.url, max: 5 });
    pool.on("error", () => {});
    const engine = async (): Promise<ExecutionEngine> => app.engine;
    const run = createRunExecution({
      pool,
      registry: nodeRegistry,
      http: { request: refuse },
      sandbox: { run: refuse },
      checkHost: refuse,
      connect: refuse,
      flows: (execution, name) => createFlowStarter({ pool, registry: nodeRegistry, engine }, execution, name),
      logs: new LogWriter(pool, logger),
      resumeUrl: (id) => `http://127.0.0.1/resume/${id}`,
      maxVisits: 1000,
      env: {},
    });
    app = await startTestApp({ databaseUrl: database.url, inngestUrl: server.url, runs: { run, registry: nodeRegistry } });
    observe = new Observer(pool);
    await addOrganization(pool);
    await server.sync(app.url);
    ends = new EndDispatcher(pool, followEnds(pool, engine, []), logger, 50);
    ends.start();
  });
  afterAll(async () => {
    expect(await observe.violations()).toEqual([]);
    await ends.stop();
    await app.close();
    await server.close();
    await pool.end();
    await database.drop();
  });

  async function flow(graph: Graph): Promise<string> {
    const id = `flow_${++flows}`;
    await pool.query("insert into flow (id, organization_id, name, draft, updated_at) values ($1, $2, $1, $3, now())", [
      id,
      ORGANIZATION,
      JSON.stringify(graph),
    ]);
    return id;
  }
  async function run(call: { parameters: JsonObject; settings?: JsonObject }, items: JsonObject[] = [{}]): Promise<string> {
    const graph = lineOf({ Start: { type: "manual-trigger" }, Call: { type: "execute-flow", ...call }, After: { type: "no-op" } });
    const flowId = await flow(graph);
    const execution = newExecution(graph, { flowId, items: items.map((json) => ({ json })) });
    return (await app.engine.start(execution)).executionId;
  }
  const children = async (flowId: string): Promise<{ id: string; status: string }[]> =>
    (await pool.query<{ id: string; status: string }>("select id, status from execution where flow_id = $1", [flowId])).rows;
  const given = async (id: string) => (await app.engine.outcome(id, "end", AbortSignal.timeout(15_000))).lastItems?.map(({ json }) => json);

  it("wait for them without holding anything, and go on with what they gave", async () => {
    const child = await flow(lineOf({ In: { type: "flow-trigger" }, Hold: { type: "wait", parameters: { resume: "webhook" } } }));
    const id = await run({ parameters: { flowId: child } });
    await observe.has(id, "waiting");
    const [own] = await until("the child waits", async () => {
      const rows = await children(child);
      return rows[0]?.status === "waiting" && rows;
    });
    const executionId = own?.id ?? "";
    await app.engine.signal({
      organizationId: ORGANIZATION,
      executionId,
      event: "resume",
      correlation: `${executionId}:Hold#0`,
      payload: { answer: 42 },
    });
    expect((await observe.ended(id)).status).toBe("succeeded");
    expect(await given(id)).toEqual([{ answer: 42 }]);
    expect(await children(child)).toHaveLength(1);
  });

  it("run one after the other for each item, and again when the step is tried again", async () => {
    const fields = [{ name: "doubled", type: "number", value: "={{ $json.n * 2 }}" }];
    const child = await flow(lineOf({ In: { type: "flow-trigger" }, Double: { type: "set", parameters: { fields } } }));
    const id = await run({ parameters: { flowId: child, mode: "each", parallel: 1 } }, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect((await observe.ended(id)).status).toBe("succeeded");
    expect(await given(id)).toEqual([{ doubled: 2 }, { doubled: 4 }, { doubled: 6 }]);
    expect(await children(child)).toHaveLength(3);

    const failing = await flow(lineOf({ In: { type: "flow-trigger" }, Stop: { type: "stop-and-error", parameters: { message: "no" } } }));
    const retry = { maxAttempts: 2, waitMs: 0, backoff: "fixed" };
    const failed = await observe.ended(await run({ parameters: { flowId: failing }, settings: { retry } }));
    expect([failed.status, JSON.parse(failed.error ?? "{}").message]).toEqual(["failed", "no"]);
    expect(await children(failing)).toHaveLength(2);
  });

  it("end with the flow that called them", async () => {
    const child = await flow(lineOf({ In: { type: "flow-trigger" }, Hold: { type: "wait", parameters: { resume: "webhook" } } }));
    const id = await run({ parameters: { flowId: child } });
    await until("the child waits", async () => (await children(child))[0]?.status === "waiting");
    await app.engine.cancel(id);
    await until("the child is cancelled", async () => (await children(child))[0]?.status === "cancelled");
  });
});
