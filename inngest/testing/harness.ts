import type pg from "pg";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import type { ExecutionStatus } from "@/flow/execution/status";
import { isTerminal } from "@/flow/execution/status";
import type { Graph } from "@/flow/graph/schema";
import type { Item, JsonObject } from "@/flow/item";
import type { NewExecution } from "@/server/execution/engine";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";
import { checkInvariants } from "@/server/execution/invariants";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { startTestApp, type TestApp } from "./app";
import { type Effects, startEffects } from "./effects";

export const ORGANIZATION = "org_test";

/** Waits for something to become true, asking again and again. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 15_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; ; ) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface StepRow {
  seq: number;
  key: string;
  attempt: number;
  status: string;
  counts: number[];
  output: string | null;
  error: string | null;
  wake_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface ExecutionRow {
  id: string;
  status: ExecutionStatus;
  seq: number;
  error: string | null;
  wake_at: Date | null;
  last_key: string | null;
}

export const newExecution = (graph: Graph, over: Partial<NewExecution> & { items?: Item[] } = {}): NewExecution => ({
  id: newExecutionId(),
  organizationId: ORGANIZATION,
  flowId: "flow_test",
  flowName: "Test",
  flowVersion: null,
  graph,
  mode: "api",
  triggerNodeId: "Start",
  items: [{ json: {} }],
  variables: {},
  createdById: null,
  retryOfId: null,
  event: { id: newTriggerEventId(), triggerId: null, type: "api", dedupeKey: null },
  ...over,
});

/** Reads executions and journals as they are. */
export class Observer {
  constructor(readonly pool: pg.Pool) {}

  async execution(id: string): Promise<ExecutionRow> {
    const { rows } = await this.pool.query<ExecutionRow>("select id, status, seq, error, wake_at, last_key from execution where id = $1", [
      id,
    ]);
    if (!rows[0]) throw new Error(`no execution ${id}`);
    return rows[0];
  }

  async steps(id: string): Promise<StepRow[]> {
    const { rows } = await this.pool.query<StepRow>("select * from execution_step where execution_id = $1 order by seq", [id]);
    return rows;
  }

  /** `key status` of the journal, in order. */
  async journal(id: string): Promise<string[]> {
    return (await this.steps(id)).map(({ key, status }) => `${key} ${status}`);
  }

  ended(id: string, withinMs?: number): Promise<ExecutionRow> {
    return until(
      `execution ${id} ends`,
      async () => {
        const row = await this.execution(id);
        return isTerminal(row.status) && row;
      },
      withinMs,
    );
  }

  has(id: string, status: ExecutionStatus): Promise<ExecutionRow> {
    return until(`execution ${id} is ${status}`, async () => {
      const row = await this.execution(id);
      return row.status === status && row;
    });
  }

  /** What must never be so in any journal, and is; empty when all is well. */
  async violations(): Promise<string[]> {
    const { rows } = await this.pool.query<{
      id: string;
    }>(`select e.id from execution e where e.status in ('succeeded', 'failed', 'cancelled')
      and e.seq <> 1 + (select count(*) from execution_step s where s.execution_id = e.id)`);
    return [...(await checkInvariants(this.pool)), ...rows.map(({ id }) => `${id}: its end did not take the journal's next position`)];
  }
}

export interface Harness {
  server: InngestServer;
  app: TestApp;
  effects: Effects;
  database: TestDatabase;
  observe: Observer;
  /** Starts an execution of a graph from its node `Start`. */
  run(graph: Graph, item?: JsonObject): Promise<string>;
  close(): Promise<void>;
}

/** The organization that test executions belong to. */
export const addOrganization = (pool: pg.Pool, maxConcurrent = 10_000, id = ORGANIZATION) =>
  pool.query(
    "insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, $2, now()) on conflict (id) do update set max_concurrent = $2",
    [id, maxConcurrent],
  );

/** Everything that an execution on Inngest needs: Postgres, the stand-in, the app, and something outside that counts. */
export async function startHarness({ tickMs = 0 }: { tickMs?: number } = {}): Promise<Harness> {
  const database = await createTestDatabase();
  const effects = await startEffects();
  const server = await startInngestServer({ tickMs });
  const app = await startTestApp({ databaseUrl: database.url, inngestUrl: server.url, effectsUrl: effects.url });
  await addOrganization(app.pool);
  await server.sync(app.url);
  return {
    server,
    app,
    effects,
    database,
    observe: new Observer(app.pool),
    run: async (graph, item = {}) => (await app.engine.start(newExecution(graph, { items: [{ json: item }] }))).executionId,
    async close() {
      await app.close();
      await server.close();
      await effects.close();
      await database.drop();
    },
  };
}
