import { BaseRealtime, FetchRequest, WebSocketTransport } from "ably/modular";
import { type LiveEvent, liveEventSchema } from "@/flow/execution/events";
import type { LiveHandlers } from "./execution-feed";

/** The right to listen to one execution at Ably, as the server grants it. */
export interface AblyGrant {
  channel: string;
  token: string;
  endpoint: { host?: string | undefined; port?: number | undefined; tls: boolean };
}

export interface AblySubscription {
  grant: AblyGrant;
  /** Asks the server for the next token, as this one ends. Rejects when there is none any more. */
  renew: () => Promise<string>;
  handlers: LiveHandlers;
  /** Ably refuses, or was out of reach for so long that another carrier is needed. Called once, after `onDown`. */
  onFailed: () => void;
  /** Milliseconds out of reach until then. Networks that let no websocket pass look like that too. */
  giveUpMs?: number;
}

/** Milliseconds between attempts while disconnected; the first follows at once. */
const RECONNECT_MS = 2_000;
const GIVE_UP_MS = 15_000;

const eventsSchema = liveEventSchema.array();

/** The events of one message; none when it is malformed: what is lost is asked for. */
export function eventsOf(data: unknown): LiveEvent[] {
  if (typeof data !== "string") return [];
  try {
    return eventsSchema.parse(JSON.parse(data));
  } catch {
    return [];
  }
}

const endpointOptions = ({ host, port, tls }: AblyGrant["endpoint"]) => ({
  tls,
  // The check for an internet asks hosts of Ably's, which a page with another endpoint may not reach.
  ...(host !== undefined && { endpoint: host, disableConnectivityCheck: true }),
  ...(port !== undefined && (tls ? { tlsPort: port } : { port })),
});

/**
 * Listens to one channel over a websocket of its own. Ably's client reconnects and resumes by itself; whatever is lost
 * nevertheless, the feed notices by the gap. A module of its own, so that only who is granted Ably loads its client.
 * @returns Stops listening.
 */
export function listenAtAbly({ grant, renew, handlers, onFailed, giveUpMs = GIVE_UP_MS }: AblySubscription): () => void {
  let first: string | null = grant.token;
  let stopped = false;
  let isOpen = false;
  let patience: ReturnType<typeof setTimeout> | undefined;

  const client = new BaseRealtime({
    ...endpointOptions(grant.endpoint),
    authCallback: (_, done) => {
      const asked = first === null ? renew() : Promise.resolve(first);
      first = null;
      asked.then(
        (token) => done(null, token),
        (error: unknown) => done(error instanceof Error ? error.message : String(error), null),
      );
    },
    disconnectedRetryTimeout: RECONNECT_MS,
    suspendedRetryTimeout: RECONNECT_MS,
    // What matters is shown on the page; the library's own log would only repeat it in the console.
    logLevel: 0,
    plugins: { WebSocketTransport, FetchRequest },
  });
  const channel = client.channels.get(grant.channel, { modes: ["SUBSCRIBE"] });

  const stop = (): void => {
    stopped = true;
    clearTimeout(patience);
    client.close();
  };
  const fail = (): void => {
    if (stopped) return;
    stop();
    handlers.onDown();
    onFailed();
  };
  const look = (missedSome: boolean): void => {
    if (stopped) return;
    const open = client.connection.state === "connected" && channel.state === "attached";
    if (open && (!isOpen || missedSome)) handlers.onOpen();
    if (!open && isOpen) handlers.onDown();
    if (open) clearTimeout(patience);
    if (!open && isOpen) patience = setTimeout(fail, giveUpMs);
    isOpen = open;
  };

  patience = setTimeout(fail, giveUpMs);
  client.connection.on((change) => (change.current === "failed" ? fail() : look(false)));
  // Attached without `resumed`: Ably could not keep the place, and what came meanwhile is gone.
  channel.on((change) => (change.current === "failed" ? fail() : look(!change.resumed)));
  channel
    .subscribe("events", ({ data }) => {
      if (!stopped) for (const event of eventsOf(data)) handlers.onEvent(event);
    })
    // The channel's state, which is listened to, says so too.
    .catch(() => undefined);
  return stop;
}
