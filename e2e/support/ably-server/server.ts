import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { demand, Gate } from "./access";
import { Channels } from "./channel";
import { Connection } from "./connection";
import { ACTION, credentialsOf, errorBody, type Message, Refusal } from "./protocol";

export interface AblyServerOptions {
  /** `appId.keyId:secret` */
  apiKey?: string;
  port?: number;
  /** Whether the key's tokens can be revoked, which is a setting of a key at Ably. */
  revocable?: boolean;
}

export interface AblyServer {
  port: number;
  apiKey: string;
  /** Sockets that are open. */
  connectionCount(): number;
  /** Connections made so far. */
  connectedTimes(): number;
  /** Channels that were published to or attached to. */
  channels(): string[];
  /** Messages that a channel has taken and not lost. */
  published(channel: string): Message[];
  /** How often a subscriber of the channel was sent something. */
  deliveries(channel: string): number;
  subscriberCount(channel: string): number;
  /** Requests over HTTP so far, as `POST /path`. */
  requests(): readonly string[];
  /** Cuts every socket as a broken network does. `forget`: what was missed cannot be resumed, as after a long outage. */
  dropConnections(options?: { forget?: boolean }): void;
  /** Tells every client that messages were lost, over connections that stay. */
  breakContinuity(): void;
  /** Accepts the next publishes and delivers them to nobody. */
  loseMessages(count: number): void;
  /** Delivers the next publishes twice. */
  duplicateMessages(count: number): void;
  /** Refuses the next publishes with a server error. */
  failPublishes(count: number): void;
  /** Holds answers to publishes back until `false`. */
  stall(yes: boolean): void;
  /** From now on refuses every connection and request, as a service that is down. */
  refuse(yes: boolean): void;
  close(): Promise<void>;
}

/**
 * A small in-memory stand-in for Ably, enough for the real client: REST publishing with a key, realtime connections with JWTs and
 * their capabilities, resume, rewind, renewal and revocation of tokens. JSON only. For tests only: history, presence and
 * Ably's own tokens are not modelled.
 */
export async function startAblyServer({
  apiKey = "app.key:secret",
  port = 0,
  revocable = true,
}: AblyServerOptions = {}): Promise<AblyServer> {
  const gate = new Gate(apiKey);
  const channels = new Channels();
  const connections = new Set<Connection>();
  const deliveries = new Map<string, number>();
  const requests: string[] = [];
  let connectedTimes = 0;
  let failing = 0;
  let refusing = false;
  let stalled: { open: () => void; until: Promise<void> } | null = null;

  async function answer(request: IncomingMessage, url: URL): Promise<[status: number, body: unknown]> {
    const [room, name = "", verb] = url.pathname.split("/").slice(1).map(decodeURIComponent);
    if (room === "time") return [200, [Date.now()]];
    const body = await readJson(request);
    const credentials = credentialsOf(request.headers, url.searchParams);
    const access = gate.admit(credentials);
    if (request.method === "POST" && room === "channels" && verb === "messages") {
      demand(access, "publish", name);
      await stalled?.until;
      if (failing > 0) {
        failing -= 1;
        throw new Refusal(50003, 500, "Injected failure");
      }
      channels.publish(name, (Array.isArray(body) ? body : [body]) as Message[]);
      return [201, { channel: name, messageId: "" }];
    }
    if (request.method === "POST" && room === "keys" && name === gate.keyName && verb === "revokeTokens") {
      if ("token" in credentials || !revocable) throw new Refusal(40162, 401, "Tokens of this key cannot be revoked");
      const { targets, issuedBefore = Date.now() } = body as { targets: string[]; issuedBefore?: number };
      for (const target of targets) gate.revoke(target.replace(/^revocationKey:/, ""), issuedBefore);
      for (const connection of connections) connection.checkRevocation();
      return [
        201,
        {
          successCount: targets.length,
          failureCount: 0,
          results: targets.map((target) => ({ target, issuedBefore, appliesAt: Date.now() })),
        },
      ];
    }
    throw new Refusal(40400, 404, `There is nothing at ${request.method} ${url.pathname}`);
  }

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    requests.push(`${request.method} ${url.pathname}`);
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "*",
      });
      response.end(JSON.stringify(body));
    };
    if (request.method === "OPTIONS") return reply(200, {});
    try {
      if (refusing) throw new Refusal(50003, 503, "The service is down");
      reply(...(await answer(request, url)));
    } catch (thrown) {
      const error = errorBody(thrown);
      reply(error.statusCode, { error });
    }
  }

  function onSocket(socket: WebSocket, request: IncomingMessage): void {
    try {
      const { searchParams } = new URL(request.url ?? "/", "http://stand-in");
      if (searchParams.get("format") === "msgpack") throw new Refusal(40000, 400, "The stand-in speaks JSON only");
      const access = gate.admit(credentialsOf(request.headers, searchParams));
      const onDelivered = (channel: string) => deliveries.set(channel, (deliveries.get(channel) ?? 0) + 1);
      const connection = new Connection(socket, access, gate, channels, onDelivered);
      connectedTimes += 1;
      connections.add(connection);
      socket.on("close", () => connections.delete(connection));
    } catch (thrown) {
      socket.on("error", () => undefined);
      socket.send(JSON.stringify({ action: ACTION.ERROR, error: errorBody(thrown) }));
      socket.close();
    }
  }

  const dropConnections = ({ forget = false } = {}): void => {
    if (forget) channels.forget();
    for (const connection of connections) connection.cut();
  };

  const stall = (yes: boolean): void => {
    stalled?.open();
    stalled = null;
    if (!yes) return;
    let open = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      open = resolve;
    });
    stalled = { open, until };
  };

  const server = http.createServer((request, response) => void onRequest(request, response));
  const verifyClient = (_: object, tell: (accepted: boolean, status?: number) => void) => tell(!refusing, 503);
  new WebSocketServer({ server, verifyClient }).on("connection", onSocket);
  // `localhost` may be either family in a browser.
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));

  return {
    port: (server.address() as AddressInfo).port,
    apiKey,
    connectionCount: () => connections.size,
    connectedTimes: () => connectedTimes,
    channels: channels.names,
    published: (channel) => channels.log(channel).map(({ message }) => message),
    deliveries: (channel) => deliveries.get(channel) ?? 0,
    subscriberCount: channels.subscriberCount,
    requests: () => requests,
    dropConnections,
    breakContinuity() {
      for (const connection of connections) connection.breakContinuity();
    },
    loseMessages(count) {
      channels.mischief.lose = count;
    },
    duplicateMessages(count) {
      channels.mischief.duplicate = count;
    },
    failPublishes(count) {
      failing = count;
    },
    stall,
    refuse(yes) {
      refusing = yes;
      if (yes) dropConnections();
    },
    async close() {
      stall(false);
      dropConnections();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (/msgpack/.test(request.headers["content-type"] ?? "")) throw new Refusal(40010, 415, "The stand-in speaks JSON only");
  const text = Buffer.concat(chunks).toString();
  return text === "" ? null : JSON.parse(text);
}
