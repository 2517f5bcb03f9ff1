import { expect, test } from "vitest";
import { db } from "@/server/db";
import { newTriggerEventId } from "@/server/execution/ids";
import { sql } from "@/server/sql";
import { recordExecution } from "@/server/testing/executions";
import { createFlow, createOrganization } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { KEEP_ARRIVALS_DAYS, KEEP_EVENTS_DAYS, pruneArrivals } from "./prune-arrivals";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test("arrivals and events go when they are older than they are kept for, with what they brought", async () => {
  const { id: organizationId } = await createOrganization();
  const { id: flowId } = await createFlow({ organizationId });
  const arrival = async (heldFor: string | null, days: number, executionId: string | null = null) => {
    const id = newTriggerEventId();
    const inputPayloadId = heldFor === null ? null : `payload-${id}`;
    if (inputPayloadId) {
      await db().payload.create({
        data: { id: inputPayloadId, organizationId, contentType: "application/json", size: 2, bytes: Buffer.from("[]") },
      });
    }
    const data = { id, organizationId, flowId, type: "webhook", heldFor, receivedAt: daysAgo(days), executionId, inputPayloadId };
    await db().triggerEvent.create({ data });
    return id;
  };
  const kept = [
    await arrival("inactive", KEEP_ARRIVALS_DAYS - 1),
    await arrival("test", 6),
    // One that started an execution is the execution's.
    await arrival(null, 365, "exec_1"),
  ];
  await arrival("inactive", KEEP_ARRIVALS_DAYS + 1);
  await arrival("test", 8);
  const event = (id: string, days: number, dispatchedAt: Date | null) =>
    db().namedEvent.create({ data: { id, organizationId, name: "n", data: {}, receivedAt: daysAgo(days), dispatchedAt } });
  await event("old", KEEP_EVENTS_DAYS + 1, new Date());
  await event("unseen", KEEP_EVENTS_DAYS + 1, null);
  await event("new", KEEP_EVENTS_DAYS - 1, new Date());
  await db().namedEventDelivery.create({ data: { eventId: "old", executionId: "exec_1", stepKey: "a#0" } });

  await pruneArrivals(sql());

  expect((await db().triggerEvent.findMany({ where: { organizationId } })).map(({ id }) => id).sort()).toEqual(kept.sort());
  expect(await db().payload.count({ where: { organizationId } })).toBe(2);
  expect((await db().namedEvent.findMany()).map(({ id }) => id).sort()).toEqual(["new", "unseen"]);
  expect(await db().namedEventDelivery.count()).toBe(0);
});

test("what was to resume an execution and never started goes after a day", async () => {
  const { id: organizationId } = await createOrganization();
  const { id: flowId } = await createFlow({ organizationId });
  const { id: started } = await recordExecution({ organizationId, flowId });
  const row = { organizationId, fromId: started, lineage: started, keepWrites: false };
  await db().executionResumption.createMany({
    data: [
      { ...row, executionId: "never-started", createdAt: daysAgo(2) },
      { ...row, executionId: "about-to-start", createdAt: new Date() },
      { ...row, executionId: started, createdAt: daysAgo(2) },
    ],
  });
  await pruneArrivals(sql());
  const left = await db().executionResumption.findMany({ where: { organizationId } });
  expect(left.map(({ executionId }) => executionId).sort()).toEqual(["about-to-start", started].sort());
});
