import type Ably from "ably";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AblyServer, startAblyServer } from "@/e2e/support/ably-server/server";
import type { LiveEvent } from "@/flow/execution/events";
import { parseEnvironment } from "../env";
import { type LiveGrant, liveTransport, setLiveTransport } from "../services/live/transport";
import { mintAblyToken } from "./ably-token";
import { liveBus } from "./bus";
import { API_KEY, connect, execution, step } from "./testing/ably-client";
import { useAbly } from "./use-ably";

let ably: AblyServer;
let stop: () => Promise<void>;
let clients: Ably.Realtime[];

async function start(options: { revocable?: boolean } = {}) {
  ably = await startAblyServer({ apiKey: API_KEY, ...options });
  stop = useAbly(
    parseEnvironment({
      DATABASE_URL: "postgresql://none.invalid/none",
      ABLY_API_KEY: API_KEY,
      ABLY_ENDPOINT: "localhost",
      ABLY_PORT: String(ably.port),
      ABLY_TLS: "false",
    }),
  );
}
beforeEach(() => {
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  await stop();
  await ably.close();
  setLiveTransport({ grant: async () => ({ transport: "sse" }) });
});

const stays = async () => true;
const CHANNEL = "flows.org_1.exec_1";

async function grant({ executionId = "exec_1", mayStay = stays, actor = "user:u" } = {}) {
  const granted = await liveTransport().grant({ organizationId: "org_1", executionId, actor, mayStay });
  if (granted.transport !== "ably") throw new Error("It is Ably that was configured");
  return granted;
}

/** A client that hears `channel`, with the right that was granted. */
async function listen(granted: Extract<LiveGrant, { transport: "ably" }>, channel = granted.channel) {
  const client = connect(ably.port, () => granted.token, { autoConnect: true });
  clients.push(client);
  const heard: number[] = [];
  await client.channels.get(channel).subscribe(({ data }) => {
    for (const event of JSON.parse(String(data)) as LiveEvent[]) if (event.type === "step") heard.push(event.seq);
  });
  return { client, heard };
}

describe("listening to an execution at Ably", () => {
  it("one listener hears everything in order, from the bus to the client", async () => {
    await start();
    const { heard } = await listen(await grant());
    for (let seq = 1; seq <= 200; seq++) {
      liveBus.publish(execution(), [step(seq)]);
      if (seq % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(heard).toHaveLength(200), 5000);
    expect(heard).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it("the grant names the channel, the endpoint, and an end within minutes", async () => {
    await start();
    const granted = await grant();
    expect(granted).toMatchObject({ channel: CHANNEL, endpoint: { host: "localhost", port: ably.port, tls: false } });
    expect(Date.parse(granted.expiresAt) - Date.now()).toBeLessThanOrEqual(120_000);
    expect(granted.token).not.toContain("secret");
  });

  it.each([
    ["another execution", "flows.org_1.exec_2"],
    ["another organization's execution", "flows.org_2.exec_1"],
    ["a whole organization", "flows.org_1.*"],
    ["every channel", "*"],
    ["a name that begins alike", "flows.org_1.exec_10"],
  ])("a token hears nothing of %s", async (_, channel) => {
    await start();
    await expect(listen(await grant(), channel)).rejects.toMatchObject({ code: 40160 });
    expect(ably.subscriberCount(channel)).toBe(0);
  });

  it("a token cannot publish", async () => {
    await start();
    const { client } = await listen(await grant());
    await expect(client.channels.get(CHANNEL).publish("events", "[]")).rejects.toMatchObject({ code: 40160 });
    expect(ably.published(CHANNEL)).toEqual([]);
  });

  it.each([
    ["an expired token", API_KEY, Date.now() - 3_600_000],
    ["a token of another key", "app.key:guessed", Date.now()],
  ])("%s is refused", async (_, apiKey, now) => {
    await start();
    const { token } = mintAblyToken({ apiKey, channel: CHANNEL, revocationKey: "org_1:user:u", now });
    const client = connect(ably.port, () => token, { autoConnect: false });
    clients.push(client);
    const reason = new Promise((resolve) => {
      client.connection.on(["disconnected", "failed"], (change) => resolve(change.reason?.statusCode));
    });
    client.connect();
    expect(await reason).toBe(401);
    expect(ably.connectionCount()).toBe(0);
  });

  it.each([
    ["whose tokens can be revoked", true],
    ["whose tokens cannot be revoked", false],
  ])("a member who was removed hears nothing more within five seconds, with a key %s", { timeout: 20_000 }, async (_, revocable) => {
    await start({ revocable });
    let isMember = true;
    const { heard } = await listen(await grant({ mayStay: async () => isMember }));
    const other = await listen(await grant({ actor: "user:other", executionId: "exec_2" }));
    liveBus.publish(execution(), [step(1)]);
    await vi.waitFor(() => expect(heard).toEqual([1]));

    isMember = false;
    const removed = Date.now();
    await vi.waitFor(() => expect(ably.requests()).toContain("POST /keys/app.key/revokeTokens"), 8000);
    expect(Date.now() - removed).toBeLessThan(5000);
    if (revocable) await vi.waitFor(() => expect(ably.subscriberCount(CHANNEL)).toBe(0));
    liveBus.publish(execution(), [step(2)]);
    liveBus.publish(execution({ executionId: "exec_2" }), [step(1)]);
    await vi.waitFor(() => expect(other.heard).toEqual([1]));
    expect(heard).toEqual([1]);
    expect(ably.published(CHANNEL)).toHaveLength(1);
  });
});
