import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import { FLOWS_ENDED, flowsCorrelation, flowsWaitKey } from "@/flow/interpreter/host";
import type { HttpRequest } from "@/flow/node/context";
import { nodeRegistry } from "@/nodes/registry";
import { LogWriter } from "@/server/execution/log-writer";
import { createRunExecution } from "@/server/execution/run";
import { logger } from "@/server/logger";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { startTestApp, type TestApp } from "./testing/app";
import { addOrganization, newExecution, Observer, ORGANIZATION, until } from "./testing/harness";

const refuse = () => Promise.reject(new Error("no node of these flows asks for this"));
const node = (id: string, type: string, over: object = {}) => ({ id, name: id, type, position: { x: 0, y: 0 }, ...over });

describe("executions that are resumed, and writes that are decided about", () => {
  let database: TestDatabase;
  let server: InngestServer;
  let pool: pg.Pool;
  let app: TestApp;
  let observe: Observer;
  const sent: HttpRequest[] = [];
  let silent = false;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startInngestServer();
    pool = new pg.Pool({ connectionString: database.url, max: 5 });
    pool.on("error", () => {});
    const run = createRunExecution({
      pool,
      registry: nodeRegistry,
      http: {
        request: async (request) => {
          sent.push(request);
          if (silent) throw new Error("no answer in time");
          const body = Buffer.from(JSON.stringify({ n: sent.length }));
          return { status: 200, statusText: "OK", headers: { "content-type": "application/json" }, body, url: request.url };
        },
      },
      sandbox: { run: refuse },
      checkHost: refuse,
      connect: refuse,
      logs: new LogWriter(pool, logger),
      resumeUrl: (id) => `http://127.0.0.1/resume/${id}`,
      maxVisits: 1000,
      env: {},
    });
    app = await startTestApp({ databaseUrl: database.url, inngestUrl: server.url, runs: { run, registry: nodeRegistry } });
    observe = new Observer(pool);
    await addOrganization(pool);
    await server.sync(app.url);
  });
  beforeEach(() => {
    sent.length = 0;
    silent = false;
  });
  afterAll(async () => {
    expect(await observe.violations()).toEqual([]);
    await app.close();
    await server.close();
    await pool.end();
    await database.drop();
  });

  //  Start ─> Each ─(loop)─> Send ─> Check ─┐      Check breaks in the third round
  //            └─<──────────────────────────┘
  const rounds = (checked: string): Graph =>
    graphSchema.parse({
      nodes: [
        node("Start", "manual-trigger"),
        node("Each", "loop-over-items", { parameters: { batchSize: 1 } }),
        node("Send", "http-request", { parameters: { method: "POST", url: "http://example.com/" } }),
        node("Check", "set", { parameters: { include: "all", fields: [{ name: "checked", type: "string", value: checked }] } }),
        node("Never", "set"),
      ],
      edges: [
        { id: "1", source: "Start", target: "Each" },
        { id: "2", source: "Each", sourceHandle: "loop", target: "Send" },
        { id: "3", source: "Send", target: "Check" },
        { id: "4", source: "Check", target: "Each" },
      ],
    });

  it("take over what was done, and send only what was not", async () => {
    const items = [1, 2, 3, 4, 5].map((n) => ({ json: { n } }));
    const first = newExecution(rounds("={{ $runIndex === 2 ? $('Never').first().json.n : 'fine' }}"), { items });
    await app.engine.start(first);
    expect(await observe.ended(first.id)).toMatchObject({ status: "failed" });
    expect(sent).toHaveLength(3);
    const second = { ...newExecution(rounds("fine"), { items }), mode: "retry" as const, retryOfId: first.id };
    await pool.query(
      "insert into execution_resumption (execution_id, organization_id, from_id, lineage, keep_writes) values ($1, $2, $3, $3, true)",
      [second.id, ORGANIZATION, first.id],
    );
    await app.engine.start(second);
    expect(await observe.ended(second.id)).toMatchObject({ status: "succeeded" });
    expect(sent).toHaveLength(5);
    const { rows } = await pool.query<{ key: string }>(
      `select key from execution_step where execution_id = $1 and output like '%"given":"earlier"%' and node_id = 'Send' order by seq`,
      [second.id],
    );
    expect(rows.map(({ key }) => key)).toEqual(["Send#0", "Send#1", "Send#2"]);
  });

  it("ask about a write that got no answer, and go on when somebody said what became of it", async () => {
    silent = true;
    const graph = graphSchema.parse({
      nodes: [
        node("Start", "manual-trigger"),
        node("Pay", "http-request", { parameters: { method: "POST", url: "http://example.com/" }, settings: { unclear: "ask" } }),
      ],
      edges: [{ id: "1", source: "Start", target: "Pay" }],
    });
    const execution = newExecution(graph, { items: [{ json: {} }] });
    await app.engine.start(execution);
    await observe.has(execution.id, "waiting");
    const asked = async () =>
      (
        await pool.query<{ asked: number }>("select asked from execution_decision where execution_id = $1 and state = 'asked'", [
          execution.id,
        ])
      ).rows[0];
    const decide = async (state: string, output: string | null, count: number) => {
      await pool.query("update execution_decision set state = $2, output = $3 where execution_id = $1", [execution.id, state, output]);
      await app.engine.signal({
        organizationId: ORGANIZATION,
        executionId: execution.id,
        event: FLOWS_ENDED,
        correlation: flowsCorrelation(execution.id, flowsWaitKey("Pay#0", { attempt: 1, started: -count })),
        payload: true,
      });
    };
    expect(await asked()).toEqual({ asked: 1 });
    await decide("again", null, 1);
    expect(await until("it is asked about again", async () => (await asked())?.asked === 2 && sent.length)).toBe(2);
    await decide("done", JSON.stringify([{ json: { receipt: 7 } }]), 2);
    expect(await observe.ended(execution.id)).toMatchObject({ status: "succeeded" });
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ headers }) => headers?.["idempotency-key"])).size).toBe(1);
    const { lastItems } = await app.engine.outcome(execution.id, "end", AbortSignal.timeout(10_000));
    expect(lastItems?.map(({ json }) => json)).toEqual([{ receipt: 7 }]);
  });
});
