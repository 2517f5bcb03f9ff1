import { beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { executionCustomData } from "@/server/services/executions/custom-data";
import { getExecution } from "@/server/services/executions/get";
import { listExecutions } from "@/server/services/executions/list";
import { startExecution } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createCustomData } from "./custom-data";
import { indexEnded } from "./search/index-executions";

withTestDatabase();
const running = withRunningEngine();

let ctx: ServiceContext;
let organizationId: string;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
  organizationId = ctx.actor.organizationId;
});

const values = async (executionId: string) => (await executionCustomData({ ctx, input: { id: executionId } })).values;

test("what code and nodes set is read by later nodes, shown with the execution, and found by search", async () => {
  const graph = lineOf({
    Start: { type: "manual-trigger" },
    Code: {
      type: "code",
      parameters: { code: "$execution.customData.setAll({ customer: 'Zebra Ltd', total: 12 }); return $input.all();" },
    },
    Data: { type: "execution-data", parameters: { dataToSave: [{ key: "note", value: "={{ $execution.customData.get('customer') }}!" }] } },
    Read: { type: "code", parameters: { code: "return [{ json: $execution.customData.getAll() }];" } },
    Expression: {
      type: "set",
      parameters: { include: "none", fields: [{ name: "of", value: "={{ $execution.customData.getAll().total }}" }] },
    },
  });
  const { id: flowId } = await createFlow({ ctx, input: { graph } });
  const { executionId } = await startExecution({ ctx, input: { flowId } });
  const outcome = await running.outcome(executionId);
  expect(outcome.error).toBeNull();
  expect(outcome.lastItems?.[0]?.json).toEqual({ of: "12" });
  expect(await values(executionId)).toEqual([
    { key: "customer", value: "Zebra Ltd" },
    { key: "total", value: "12" },
    { key: "note", value: "Zebra Ltd!" },
  ]);
  expect((await getExecution({ ctx, input: { id: executionId } })).customData).toMatchObject({ note: "Zebra Ltd!" });
  await indexEnded(sql());
  for (const search of ["Zebra Ltd!", "customer = zebra ltd"]) {
    expect((await listExecutions({ ctx, input: { search } })).executions.map(({ id }) => id)).toEqual([executionId]);
  }
  const { context: stranger } = await createMember({ role: "owner" });
  await expect(executionCustomData({ ctx: stranger, input: { id: executionId } })).rejects.toThrow("Execution not found");
});

const owner = (executionId: string) => ({ organizationId, executionId });

test("a step that runs again reads what it read the first time, and sets the same once", async () => {
  const of = createCustomData(sql(), owner("exec_again"));
  await of({ key: "a#0" }).write({ step: "a" });
  const attempt = async () => {
    const data = of({ key: "b#0" });
    const before = await data.read();
    await data.write({ count: String(Object.keys(before).length) });
    await data.write({ more: "1" });
    return before;
  };
  expect(await attempt()).toEqual({ step: "a" });
  expect(await attempt()).toEqual({ step: "a" });
  expect(await of({ key: "c#0" }).read()).toEqual({ step: "a", count: "1", more: "1" });
});

test("an execution that resumes another goes on with what that one said", async () => {
  const from = createCustomData(sql(), owner("exec_first"));
  await from({ key: "a#0" }).write({ a: "1", both: "first" });
  await from({ key: "b#0" }).write({ failed: "halfway" });
  await db().executionResumption.create({
    data: { executionId: "exec_second", organizationId, fromId: "exec_first", lineage: "exec_first", keepWrites: false },
  });
  const again = createCustomData(sql(), owner("exec_second"));
  expect(await again({ key: "b#0" }).read()).toEqual({ a: "1", both: "first" });
  await again({ key: "b#0" }).write({ both: "second" });
  expect(await again({ key: "c#0" }).read()).toEqual({ a: "1", both: "second", failed: "halfway" });
});

test("another organization's data is not read, whatever the id", async () => {
  await createCustomData(sql(), owner("exec_mine"))({ key: "a#0" }).write({ secret: "mine" });
  const strange = createCustomData(sql(), { organizationId: "org_other", executionId: "exec_mine" });
  expect(await strange({ key: "b#0" }).read()).toEqual({});
});
