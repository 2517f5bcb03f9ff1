import Ably from "ably";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { covers } from "@/e2e/support/ably-server/access";
import { type AblyServer, startAblyServer } from "@/e2e/support/ably-server/server";
import { mintAblyToken } from "../ably-token";
import { API_KEY, connect } from "./ably-client";

let ably: AblyServer;
let clients: Ably.Realtime[];
let rest: Ably.Rest;

beforeEach(async () => {
  ably = await startAblyServer({ apiKey: API_KEY });
  clients = [];
  rest = new Ably.Rest({ key: API_KEY, endpoint: "localhost", port: ably.port, tls: false, useBinaryProtocol: false, logLevel: 0 });
});
afterEach(async () => {
  for (const client of clients) client.close();
  await ably.close();
});

const CHANNEL = "flows.org_1.exec_1";
const token = (channel = CHANNEL, now = Date.now()) =>
  mintAblyToken({ apiKey: API_KEY, channel, revocationKey: "org_1:user:u", now }).token;

async function listen(options: Ably.ChannelOptions = {}, mint: () => string = token) {
  const client = connect(ably.port, mint);
  clients.push(client);
  const heard: unknown[] = [];
  const channel = client.channels.get(CHANNEL, options);
  await channel.subscribe(({ data }) => heard.push(data));
  return { client, channel, heard };
}
const publish = async (...data: string[]) => {
  for (const each of data) await rest.channels.get(CHANNEL).publish("events", each);
};

describe("the stand-in for Ably, with the real client", () => {
  it.each([
    ["*", "a.b", true],
    ["flows:*", "flows:a:b", true],
    ["flows:*:b", "flows:a:b", true],
    ["flows:*:b", "flows:a:c:b", false],
    ["flows:*", "flows", false],
    ["flows.a.*", "flows.a.b", false],
    ["flows.a.b", "flows.a.b", true],
    ["flows.a.b", "flows.a.bc", false],
  ])("resource %s covers channel %s: %s", (resource, channel, expected) => {
    expect(covers(resource, channel)).toBe(expected);
  });

  it("delivers what is published over REST, in order", async () => {
    const { heard } = await listen();
    await publish("1", "2", "3");
    await vi.waitFor(() => expect(heard).toEqual(["1", "2", "3"]));
    expect(ably.published(CHANNEL).map(({ data }) => data)).toEqual(["1", "2", "3"]);
  });

  it("rewinds for who comes late", async () => {
    await publish("1", "2", "3");
    const { heard } = await listen({ params: { rewind: "2" } });
    await publish("4");
    await vi.waitFor(() => expect(heard).toEqual(["2", "3", "4"]));
  });

  it("resumes after a cut without loss, and says so when it cannot", async () => {
    const { heard, channel } = await listen();
    const resumed: boolean[] = [];
    channel.on(["attached", "update"], (change) => resumed.push(change.resumed));
    await publish("1");
    await vi.waitFor(() => expect(heard).toEqual(["1"]));
    ably.dropConnections();
    await publish("2", "3");
    await vi.waitFor(() => expect(heard).toEqual(["1", "2", "3"]), 5000);
    ably.dropConnections({ forget: true });
    await vi.waitFor(() => expect(resumed.at(-1)).toBe(false), 5000);
  });

  it("loses, repeats and refuses messages when told to", async () => {
    const { heard } = await listen();
    ably.loseMessages(1);
    await publish("lost", "1");
    ably.duplicateMessages(1);
    await publish("2", "3");
    await vi.waitFor(() => expect(heard).toEqual(["1", "2", "2", "3"]));
    ably.failPublishes(1);
    await expect(publish("4")).rejects.toMatchObject({ code: 50003 });
  });

  it("takes a message id once, and no message over 64 KiB", async () => {
    const channel = rest.channels.get(CHANNEL);
    await channel.publish({ id: "a", data: "1" });
    await channel.publish({ id: "a", data: "1" });
    expect(ably.published(CHANNEL)).toHaveLength(1);
    await expect(publish("x".repeat(66_000))).rejects.toMatchObject({ code: 40009 });
  });

  it("asks for the next token in time and keeps the connection", async () => {
    let minted = 0;
    // Two seconds before the end of the margin in which a client is asked for its next token.
    const almostOver = () => Date.now() - 88_000;
    const { client } = await listen({}, () => token(CHANNEL, minted++ === 0 ? almostOver() : Date.now()));
    await vi.waitFor(() => expect(minted).toBe(2), 5000);
    expect(client.connection.state).toBe("connected");
    expect(ably.connectedTimes()).toBe(1);
  });

  it("refuses everything while it is down, and takes clients back", async () => {
    const { client } = await listen();
    ably.refuse(true);
    await vi.waitFor(() => expect(client.connection.state).not.toBe("connected"), 5000);
    await expect(publish("1")).rejects.toMatchObject({ statusCode: 503 });
    ably.refuse(false);
    await vi.waitFor(() => expect(client.connection.state).toBe("connected"), 5000);
  });
});
