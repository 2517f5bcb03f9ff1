import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { sql } from "@/server/sql";
import { createFlow, createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { deleteExecutions, IN_ORDER } from "../retention/batches";
import { flowMetrics } from "./flow-metrics";
import { listExecutions } from "./list";
import { executionStatistics } from "./statistics";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

const ROWS = 200_000;
let ctx: ServiceContext;
let flowId: string;
beforeAll(async () => {
  const made = await createMember({ role: "viewer" });
  ctx = made.context;
  const { organizationId } = made.member;
  flowId = (await createFlow({ organizationId })).id;
  const quiet = await createFlow({ organizationId });
  const other = (await createMember()).member.organizationId;
  // What makes filters slow: nearly everything is alike, and what is asked for is rare or another flow's.
  await sql().query(
    `insert into execution (id, organization_id, flow_id, draft_graph, mode, status, trigger_node_id, created_at, queued_at, started_at, finished_at)
     select 'exec_' || n, case when n % 10 = 0 then $3 else $1 end, case when n % 4 = 0 then $4 else $2 end, '{}',
            case when n % 50000 = 7 then 'manual' else 'webhook' end,
            case when n % 40000 = 3 then 'failed' when n % 40000 = 5 then 'running' when n % 4 = 0 and n % 100 = 0 then 'failed' else 'succeeded' end,
            'start', now() - n * interval '10 seconds', now() - n * interval '10 seconds', now() - n * interval '10 seconds',
            case when n % 40000 = 5 then null else now() - n * interval '10 seconds' + interval '1 second' end
     from generate_series(1, ${ROWS}) n`,
    [organizationId, flowId, other, quiet.id],
  );
  await sql().query("vacuum analyze execution");
}, 120_000);
afterEach(() => vi.restoreAllMocks());

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Plan[];
}

const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

/** Plans of the statements that a call makes over executions. */
async function plansOf(act: () => Promise<unknown>): Promise<Plan[][]> {
  const statements = vi.spyOn(sql(), "query");
  await act();
  const calls = statements.mock.calls as unknown as [string, unknown[]][];
  const made = calls.filter(([text]) => typeof text === "string" && text.includes("from execution x"));
  statements.mockRestore();
  expect(made.length).toBeGreaterThan(0);
  return Promise.all(
    made.map(async ([text, values]) => {
      const { rows } = await sql().query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`explain (analyze, format json) ${text}`, values);
      return flat(rows[0]?.["QUERY PLAN"][0].Plan as Plan);
    }),
  );
}

const readsOf = (plan: Plan[]) => plan.filter((node) => node["Relation Name"] === "execution");
/** Rows that were looked at, whether or not they were wanted. */
const lookedAt = (plan: Plan[]): number =>
  readsOf(plan).reduce(
    (sum, node) =>
      sum +
      ((node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0)) *
        (node["Actual Loops"] ?? 1),
    0,
  );

const LIMIT = 50;
/** A page for each status and mode that exists here, and some. */
const ENOUGH = 10 * (LIMIT + 1);

describe(`among ${ROWS.toLocaleString("en")} executions, a page is found without reading the others`, () => {
  test.each<[string, () => Parameters<typeof listExecutions>[0]["input"]]>([
    ["of everything", () => ({})],
    ["of a rare status", () => ({ status: ["failed", "timed_out"] })],
    ["of a status that nothing has", () => ({ status: ["paused"] })],
    ["of a rare mode", () => ({ mode: ["manual"] })],
    ["of a flow", () => ({ flowId })],
    ["of a status that is rare in the flow and common elsewhere", () => ({ flowId, status: ["failed"] })],
    ["of a mode that is rare in the flow", () => ({ flowId, mode: ["manual", "schedule"] })],
    ["of a time long ago", () => ({ to: new Date(Date.now() - ROWS * 9_000).toISOString() })],
    ["of a rare status in a flow long ago", () => ({ flowId, status: ["failed"], to: new Date(Date.now() - ROWS * 5_000).toISOString() })],
  ])("%s", async (_name, input) => {
    for (const plan of await plansOf(() => listExecutions({ ctx, input: { limit: LIMIT, ...input() } }))) {
      expect(readsOf(plan).map((node) => node["Node Type"])).not.toContain("Seq Scan");
      expect(lookedAt(plan)).toBeLessThanOrEqual(ENOUGH);
    }
  });

  test("of what comes after a page far down the list", async () => {
    const far = await listExecutions({ ctx, input: { limit: LIMIT, to: new Date(Date.now() - ROWS * 5_000).toISOString() } });
    for (const plan of await plansOf(() => listExecutions({ ctx, input: { limit: LIMIT, cursor: far.nextCursor } }))) {
      expect(lookedAt(plan)).toBeLessThanOrEqual(ENOUGH);
    }
  });
});

test("retention finds the oldest that it may delete without reading those that it may not", async () => {
  const client = await sql().connect();
  try {
    const { organizationId } = ctx.actor;
    const endedBefore = new Date(Date.now() - ROWS * 9_000);
    const statements = vi.spyOn(client, "query");
    await client.query(`begin; ${IN_ORDER}`);
    expect(await deleteExecutions(client, { organizationId, status: ["succeeded", "cancelled"], endedBefore })).toBe(500);
    await client.query(`rollback; begin; ${IN_ORDER}`);
    const [text, values] = statements.mock.calls[1] as unknown as [string, unknown[]];
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`explain (analyze, format json) ${text}`, values);
    await client.query("rollback");
    // To find them, to delete them, and rounding of averages over the walks.
    expect(lookedAt(flat(rows[0]?.["QUERY PLAN"][0].Plan as Plan))).toBeLessThanOrEqual(4 * 500);
  } finally {
    client.release();
  }
});

describe("figures", () => {
  test("of a flow's last day read that day", async () => {
    const dayAgo = new Date(Date.now() - 86_400_000).toISOString();
    for (const plan of await plansOf(() => flowMetrics({ ctx, input: { flowId, from: dayAgo } }))) {
      expect(lookedAt(plan)).toBeLessThanOrEqual(8_640);
    }
  });

  test("of all time count in one pass, and measure no more than the newest", async () => {
    const calls = [() => flowMetrics({ ctx, input: { flowId } }), () => executionStatistics({ ctx, input: {} })];
    for (const call of calls) {
      const [count, ...others] = (await plansOf(call)).map(lookedAt);
      expect(count).toBeLessThanOrEqual(1.01 * ROWS);
      expect(others.length).toBeGreaterThan(0);
      // At most 10,000 of each of the few statuses and modes that there are.
      for (const each of others) expect(each).toBeLessThanOrEqual(25_000);
    }
  });
});
