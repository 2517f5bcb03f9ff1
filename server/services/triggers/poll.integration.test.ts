import { beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createMember } from "@/server/testing/factories";
import { recordingEngine } from "@/server/testing/recording-engine";
import { lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createFlow } from "../flows/create";
import { getFlow } from "../flows/get";
import { setFlowActive } from "../flows/set-active";
import { getTrigger } from "./get";
import { pollNow } from "./poll-now";

withTestDatabase();

let ctx: ServiceContext;
let viewer: ServiceContext;
let flowId: string;
let id: string;
beforeAll(async () => {
  const editor = await createMember({ role: "editor" });
  ctx = editor.context;
  ({ context: viewer } = await createMember({ role: "viewer", organizationId: editor.member.organizationId }));
  setEngine(recordingEngine());
});
beforeEach(async () => {
  const graph = lineOf({ Feed: { type: "rss-trigger", parameters: { url: "https://blog.test/feed" } } });
  const flow = await createFlow({ ctx, input: { graph, publish: true } });
  flowId = flow.id;
  id = flow.triggers[0]?.id ?? "";
});

test("a published trigger polls at once, and the flow says how it stands", async () => {
  const fresh = { polledAt: null, nextAt: expect.any(String), failures: 0, error: null, failedAt: null, failingSince: null };
  const { triggers } = await getFlow({ ctx: viewer, input: { id: flowId } });
  expect(triggers).toMatchObject([{ id, type: "poll", active: true, nextAt: expect.any(String), poll: fresh }]);
  const at = new Date("2026-03-02T09:00:00Z");
  await db().pollState.update({ where: { triggerId: id }, data: { polledAt: at, failures: 2, error: "no", failedAt: at, cursor: "{}" } });
  expect(await getTrigger({ ctx: viewer, input: { id } })).toEqual({
    id,
    flowId,
    nodeId: "Feed",
    type: "poll",
    hasSecret: false,
    active: true,
    poll: { ...fresh, polledAt: at.toISOString(), failures: 2, error: "no", failedAt: at.toISOString() },
    schedule: null,
  });
});

test("one that was never published has no state, and one whose flow is off no next time", async () => {
  const graph = lineOf({ Feed: { type: "rss-trigger", parameters: { url: "https://blog.test/feed" } } });
  const { triggers } = await createFlow({ ctx, input: { graph } });
  expect(triggers).toMatchObject([{ type: "poll", active: false, nextAt: null, poll: null }]);
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  expect(await getTrigger({ ctx, input: { id } })).toMatchObject({ active: false, poll: { nextAt: null } });
});

test("an editor has it look now, and a viewer has not", async () => {
  await db().pollState.update({ where: { triggerId: id }, data: { nextAt: new Date(Date.now() + 3_600_000) } });
  await expect(pollNow({ ctx: viewer, input: { id } })).rejects.toMatchObject({ code: "forbidden" });
  const { nextAt } = await pollNow({ ctx, input: { id } });
  expect(Date.parse(nextAt)).toBeLessThanOrEqual(Date.now());
  expect((await db().pollState.findUniqueOrThrow({ where: { triggerId: id } })).nextAt?.toISOString()).toBe(nextAt);
  expect(await db().auditLog.count({ where: { action: "trigger.poll", target: `trigger:${id}` } })).toBe(1);
});

test("what does not fire is not asked to look", async () => {
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  await expect(pollNow({ ctx, input: { id } })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("does not fire"),
  });
});

test("a trigger whose rules are never due is not published", async () => {
  const rules = [{ every: "cron", cron: "0 0 31 2 *" }];
  const graph = lineOf({ Feed: { type: "rss-trigger", parameters: { url: "https://blog.test/feed", rules } } });
  await expect(createFlow({ ctx, input: { graph, publish: true } })).rejects.toThrow("never comes due");
});
