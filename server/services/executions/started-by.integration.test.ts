import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import { env, resetEnv } from "@/server/env";
import { createEngine, type RunningEngine } from "@/server/execution/create-engine";
import { setEngine } from "@/server/execution/get-engine";
import { createApiKey, createFlow, createMember, manualGraph } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { startExecution } from "./start";

withTestDatabase();

let running: RunningEngine;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  resetEnv();
  running = await createEngine(env(), { send: async () => {}, findRun: async () => "known" });
  setEngine(running.engine);
});
afterAll(async () => {
  await running.stop();
  resetEnv();
});

/** What code reads of who started it. */
async function userIdSeen(ctx: ServiceContext): Promise<unknown> {
  const { organizationId } = ctx.actor;
  const parameters = { code: "return { meta: context.meta }" };
  const flow = await createFlow({ organizationId, graph: manualGraph({ id: "code", type: "code", parameters }) });
  const { executionId } = await startExecution({ ctx, input: { flowId: flow.id } });
  await running.engine.outcome(executionId, "end", AbortSignal.timeout(30_000));
  const step = await db().executionStep.findFirstOrThrow({ where: { executionId, nodeId: "code" } });
  const { outputs } = JSON.parse(step.output ?? "") as { outputs: { json: { meta: Record<string, unknown> } }[][] };
  expect(outputs[0]?.[0]?.json.meta).toMatchObject({ orgId: organizationId, flowId: flow.id, executionId });
  return outputs[0]?.[0]?.json.meta.userId;
}

test("code is told the person who started its execution, and nobody where a program did", async () => {
  const { member, context } = await createMember();
  expect(await userIdSeen(context)).toBe(member.userId);
  expect(await userIdSeen((await createApiKey({ organizationId: member.organizationId })).context)).toBeNull();
});
