import { beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import { indexEnded } from "@/server/execution/search/index-ended";
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
