import { afterEach, beforeAll, expect, test } from "vitest";
import type { LiveEvent } from "@/flow/execution/events";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { recordExecution } from "@/server/testing/executions";
import { createFlow, createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { counted, recordExecutions } from "../metrics/metrics";
import { liveBus } from "../realtime/bus";
import { handleMetrics } from "./metrics";

withTestDatabase();

const TOKEN = "token-for-scrapers-0123456789";
let organizationId: string;
beforeAll(async () => {
  ({ organizationId } = (await createMember()).member);
});
afterEach(() => {
  delete process.env.METRICS_TOKEN;
  resetEnv();
});

const configure = (token: string) => {
  process.env.METRICS_TOKEN = token;
  resetEnv();
};
const scrape = async (authorization?: string) => {
  const headers = authorization === undefined ? undefined : { authorization };
  const response = await handleMetrics(new Request("http://localhost:3000/api/metrics", { headers }));
  return { status: response.status, text: await response.text() };
};

test("there are no metrics without a token in the settings, and none for whoever does not send it", async () => {
  expect((await scrape(`Bearer ${TOKEN}`)).status).toBe(404);
  configure(TOKEN);
  for (const authorization of [undefined, TOKEN, "Bearer ", `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(0, -1)}`]) {
    expect(await scrape(authorization)).toEqual({ status: 404, text: "" });
  }
  expect((await scrape(`Bearer ${TOKEN}`)).status).toBe(200);
});

test("every metric is told of from the start", async () => {
  configure(TOKEN);
  const { text } = await scrape(`Bearer ${TOKEN}`);
  for (const name of [
    "action_executions_total",
    "action_execution_duration_seconds",
    "action_auth_injection_total",
    "auth_oauth_flows_total",
    "auth_token_refresh_total",
    "auth_credential_injection_total",
    "http_requests_total",
    "http_request_duration_seconds",
    "step_execution_seconds",
    "step_retries_total",
    "step_errors_total",
  ])
    expect(text).toMatch(new RegExp(`^# TYPE ${name} (counter|histogram)$`, "m"));
});

test("what ran, what was asked and what waits is counted", async () => {
  configure(TOKEN);
  const flow = await createFlow({ organizationId });
  await recordExecution({ organizationId, flowId: flow.id, status: "queued" });
  await db().execution.updateMany({ where: { flowId: flow.id }, data: { startedAt: null } });

  const stop = recordExecutions(liveBus);
  const at = { executionId: "exec_1", flowId: flow.id, organizationId, mode: "manual" as const };
  const step = { seq: 1, key: "a#0", nodeId: "a", runIndex: 0, attempt: 1, counts: [1], error: null, wakeAt: null };
  const times = { startedAt: "2026-01-01T00:00:00.000Z", finishedAt: "2026-01-01T00:00:00.200Z" };
  const head = {
    id: "exec_1",
    flowId: flow.id,
    flowVersion: null,
    mode: "manual" as const,
    seq: 2,
    error: null,
    queuedAt: times.startedAt,
  };
  const events: LiveEvent[] = [
    { type: "step", seq: 1, step: { ...step, ...times, status: "succeeded" } },
    { type: "execution", seq: 1, execution: { ...head, startedAt: times.startedAt, finishedAt: null, status: "running" } },
    { type: "execution", seq: 2, execution: { ...head, ...times, status: "succeeded" } },
  ];
  liveBus.publish(at, events);
  stop();
  liveBus.publish(at, events);

  const handler = counted("rest", async (_request: Request, status: number) => new Response(null, { status }));
  await handler(new Request("http://localhost/api/v1/flows/secret-id"), 204);
  await expect(
    counted("webhook", async () => {
      throw new Error("broken");
    })(new Request("http://localhost/api/hooks/x", { method: "POST" })),
  ).rejects.toThrow("broken");

  const { text } = await scrape(`Bearer ${TOKEN}`);
  const lines = text.split("\n");
  for (const line of [
    "tolstoy_up 1",
    'tolstoy_queue_depth{status="queued"} 1',
    'tolstoy_executions_total{status="succeeded"} 1',
    'tolstoy_step_duration_seconds_bucket{status="succeeded",le="0.1"} 0',
    'tolstoy_step_duration_seconds_bucket{status="succeeded",le="0.5"} 1',
    'tolstoy_step_duration_seconds_bucket{status="succeeded",le="+Inf"} 1',
    'tolstoy_step_duration_seconds_sum{status="succeeded"} 0.2',
    'http_requests_total{route="rest",method="GET",status="204"} 1',
    'http_requests_total{route="webhook",method="POST",status="500"} 1',
  ])
    expect(lines).toContain(line);
  expect(text).not.toContain("secret-id");
  // Every line is a comment or a sample, as scrapers read them.
  for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]+(\{([a-zA-Z]+="[^"]*",?)+\})? [0-9.e+-]+|)$/);
});
