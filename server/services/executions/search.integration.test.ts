import { beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import { indexEnded, indexParked } from "@/server/execution/search/index-executions";
import { sql } from "@/server/sql";
import { recordExecution } from "@/server/testing/executions";
import { createFlow, createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { listExecutions } from "./list";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

let ctx: ServiceContext;
let organizationId: string;
let flowId: string;
beforeAll(async () => {
  const made = await createMember({ role: "viewer" });
  ctx = made.context;
  organizationId = made.member.organizationId;
  flowId = (await createFlow({ organizationId })).id;
});

const order = (n: number) =>
  recordExecution({
    organizationId,
    flowId,
    steps: [
      { nodeId: "fields", output: { outputs: [[{ json: { order_id: n, customer: { email: `c${n}@example.com`, city: "Paris" } } }]] } },
    ],
  });
const search = async (text: string) => (await listExecutions({ ctx, input: { search: text } })).executions.map(({ id }) => id);

test("an execution is found by what its steps gave, once it is in the index; by its own organization", async () => {
  const first = await order(123);
  const second = await order(124);
  const running = await recordExecution({ organizationId, flowId, status: "running" });
  expect(await search("order_id = 123")).toEqual([]);
  expect(await indexEnded(sql())).toBe(2);
  expect(await indexEnded(sql())).toBe(0);
  expect(await search("order_id = 123")).toEqual([first.id]);
  expect(await search("c124@example.com")).toEqual([second.id]);
  expect(await search("customer.city = paris")).toEqual([second.id, first.id]);
  expect(await search("city = Paris and order_id = 124")).toEqual([second.id]);
  expect(await search("order_id = 999")).toEqual([]);
  expect(await search("   ")).toHaveLength(3);
  // One that ends later is found then, though it began before the others.
  await db().execution.update({ where: { id: running.id }, data: { status: "succeeded", finishedAt: new Date() } });
  expect(await indexEnded(sql())).toBe(1);
  const stranger = (await createMember({ role: "owner" })).context;
  expect((await listExecutions({ ctx: stranger, input: { search: "order_id = 123" } })).executions).toEqual([]);
});

test("one that waits is found by what it was given and gave until then, and by the rest once it has ended", async () => {
  const steps = [{ nodeId: "ask", output: { outputs: [[{ json: { approval_id: 77 } }]] } }];
  const waiting = await recordExecution({ organizationId, flowId, status: "waiting", steps });
  expect(await indexParked(sql())).toBe(1);
  expect(await indexParked(sql())).toBe(0);
  expect(await search("approval_id = 77")).toEqual([waiting.id]);
  await sql().query(
    `insert into execution_step (execution_id, seq, organization_id, key, node_id, run_index, attempt, status, effect, output, started_at)
     select execution_id, 100, organization_id, 'later:0', 'later', 0, 1, 'succeeded', 'pure', '{"outputs":[[{"json":{"approved_by":"Ada"}}]]}', now()
     from execution_step where execution_id = $1 limit 1`,
    [waiting.id],
  );
  await db().execution.update({ where: { id: waiting.id }, data: { status: "succeeded", finishedAt: new Date() } });
  expect(await search("approved_by = Ada")).toEqual([]);
  expect(await indexEnded(sql())).toBe(1);
  expect(await search("approved_by = Ada and approval_id = 77")).toEqual([waiting.id]);
});

test("the index stays small", async () => {
  const COUNT = 2_000;
  await sql().query(
    `insert into execution (id, organization_id, flow_id, draft_graph, mode, status, trigger_node_id, input, finished_at)
     select 'exec_s' || n, $1, $2, '{}', 'webhook', 'succeeded', 'start',
       json_build_array(json_build_object('json', json_build_object('order_id', n, 'customer', json_build_object('id', n * 7, 'email', n || '@example.com', 'city', 'City ' || n % 50),
         'total', n % 900, 'currency', 'EUR', 'lines', json_build_array(json_build_object('sku', 'SKU-' || n % 300, 'quantity', n % 5)))))::text, now()
     from generate_series(1, ${COUNT}) n`,
    [organizationId, flowId],
  );
  for (let indexed = -1; indexed !== 0; indexed = await indexEnded(sql(), 500));
  await sql().query("vacuum analyze execution_search");
  const { rows } = await sql().query<{ bytes: string; tokens: string }>(
    "select pg_total_relation_size('execution_search') as bytes, (select avg(cardinality(tokens)) from execution_search) as tokens",
  );
  const each = Number(rows[0]?.bytes) / COUNT;
  process.stdout.write(`search index: ${each.toFixed(0)} bytes an execution, ${Number(rows[0]?.tokens).toFixed(1)} tokens\n`);
  expect(each).toBeLessThan(2_000);
  expect(await search("order_id = 1500")).toEqual(["exec_s1500"]);
}, 60_000);
