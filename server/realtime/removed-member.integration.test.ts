import type Ably from "ably";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type AblyServer, startAblyServer } from "@/e2e/support/ably-server/server";
import type { LiveEvent } from "@/flow/execution/events";
import { createTenant, type Tenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { env, resetEnv } from "../env";
import type { LiveGrant } from "../services/live/transport";
import { handleTrpc } from "../trpc/handler";
import { liveBus } from "./bus";
import { API_KEY, connect, step } from "./testing/ably-client";
import { useAbly } from "./use-ably";

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

let ably: AblyServer;
let stop: () => Promise<void>;
let tenant: Tenant;
const clients: Ably.Realtime[] = [];

beforeAll(async () => {
  // The key of an account that never switched revocable tokens on: the hardest case.
  ably = await startAblyServer({ apiKey: API_KEY, revocable: false });
  const settings = { ABLY_API_KEY: API_KEY, ABLY_ENDPOINT: "localhost", ABLY_PORT: String(ably.port), ABLY_TLS: "false" };
  Object.assign(process.env, { NEXTAUTH_SECRET: "a secret for tests that nobody uses elsewhere", ...settings });
  resetEnv();
  stop = useAbly(env());
  tenant = await createTenant();
});
afterAll(async () => {
  for (const client of clients) client.close();
  await stop();
  await ably.close();
});

/** As the page of whoever has the cookie asks for it. */
async function askToken(cookie: string): Promise<Response> {
  const input = encodeURIComponent(JSON.stringify({ executionId: tenant.runningId }));
  return handleTrpc(new Request(`http://localhost:3000/api/trpc/live.token?input=${input}`, { headers: { cookie } }));
}

async function listen(cookie: string): Promise<number[]> {
  const answer = (await (await askToken(cookie)).json()) as { result: { data: Extract<LiveGrant, { transport: "ably" }> } };
  const { channel, token } = answer.result.data;
  expect(channel).toBe(`flows.${tenant.organizationId}.${tenant.runningId}`);
  const client = connect(ably.port, () => token);
  clients.push(client);
  const heard: number[] = [];
  await client.channels.get(channel).subscribe(({ data }) => {
    for (const event of JSON.parse(String(data)) as LiveEvent[]) if (event.type === "step") heard.push(event.seq);
  });
  return heard;
}

const publish = (seq: number, executionId = tenant.runningId) =>
  liveBus.publish({ organizationId: tenant.organizationId, flowId: tenant.flowId, executionId, mode: "manual" }, [step(seq)]);

test("a removed member hears nothing more of an execution within five seconds, and gets no other token", async () => {
  const { viewer, owner } = tenant.members;
  const heard = await listen(viewer.cookie);
  publish(1);
  await vi.waitFor(() => expect(heard).toEqual([1]));

  const removal = new Request("http://localhost:3000/api/trpc/members.remove", {
    method: "POST",
    headers: { "content-type": "application/json", cookie: owner.cookie },
    body: JSON.stringify({ userId: viewer.userId }),
  });
  expect((await handleTrpc(removal)).status).toBe(200);
  const removed = Date.now();
  expect((await askToken(viewer.cookie)).status).toBe(401);
  // Asking Ably to revoke comes right after the channel has been silenced.
  await vi.waitFor(() => expect(ably.requests()).toContain("POST /keys/app.key/revokeTokens"), 8000);
  expect(Date.now() - removed).toBeLessThan(5000);

  publish(2);
  publish(1, "exec_other");
  await vi.waitFor(() => expect(ably.published(`flows.${tenant.organizationId}.exec_other`)).toHaveLength(1));
  expect(heard).toEqual([1]);
});
