import { beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { setEngine } from "@/server/execution/get-engine";
import { recordExecution } from "@/server/testing/executions";
import { createMember } from "@/server/testing/factories";
import { recordingEngine } from "@/server/testing/recording-engine";
import { lineOf } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { publishEvent } from "../events/publish";
import { listExecutions } from "../executions/list";
import { createFlow } from "../flows/create";
import { tickSchedules } from "./tick";

withTestDatabase();
beforeAll(() => {
  process.env.NEXTAUTH_URL ??= "http://localhost:3000";
  resetEnv();
});

test("a tick sees to events, to the ends of executions and to their search index, once", async () => {
  const engine = recordingEngine();
  setEngine(engine);
  const { context: ctx, member } = await createMember({ role: "editor" });
  const { organizationId } = member;
  const graph = lineOf({ On: { type: "event-trigger", parameters: { name: "paid" } } });
  const { id: listener } = await createFlow({ ctx, input: { graph, publish: true } });
  const own = lineOf({ Failed: { type: "error-trigger" } });
  const { id: failing } = await createFlow({ ctx, input: { graph: own, publish: true } });
  await publishEvent({ ctx, input: { name: "paid" } });
  const { id } = await recordExecution({ organizationId, flowId: failing, status: "failed", graph: own });
  for (let times = 0; times < 2; times++) await tickSchedules();
  expect(engine.started.map(({ flowId, mode, event }) => [flowId, mode, event.dedupeKey])).toEqual([
    [listener, "event", expect.stringMatching(/^event:evt_/)],
    [failing, "error", `error:${id}`],
  ]);
  expect(await db().executionEnd.count()).toBe(0);
  const { executions } = await listExecutions({ ctx, input: { search: "n = 1" } });
  expect(executions.map((execution) => execution.id)).toEqual([id]);
});
