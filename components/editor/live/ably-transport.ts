import type { TRPCClient } from "@trpc/client";
import type { inferRouterOutputs } from "@trpc/server";
import type { Realtime } from "ably";
import { z } from "zod";
import { type LiveEvent, liveEventSchema } from "@/flow/execution/events";
import type { AppRouter } from "@/server/trpc/router";
import type { LiveHandlers } from "./execution-feed";

type Grant = inferRouterOutputs<AppRouter>["live"]["token"];
export type AblyGrant = Extract<Grant, { transport: "ably" }>;

const eventsSchema = z.array(liveEventSchema);

/** The events of one message; none when it is malformed: what is lost is asked for. */
export function eventsOf(data: unknown): LiveEvent[] {
  if (typeof data !== "string") return [];
  try {
    const parsed = eventsSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

/**
 * Listens to one execution at Ably with tokens of our own server, renewed as they end. The library comes with the first use: who
 * listens over server-sent events never loads it. `onFailed`: Ably refuses for good, another carrier is needed.
 */
export function listenAtAbly(options: {
  client: TRPCClient<AppRouter>;
  executionId: string;
  grant: AblyGrant;
  handlers: LiveHandlers;
  onFailed: () => void;
}): () => void {
  const { client, executionId, grant, handlers, onFailed } = options;
  let stopped = false;
  let realtime: Realtime | undefined;

  const open = async () => {
    const { Realtime } = await import("ably");
    if (stopped) return;
    const { host, port, tls } = grant.endpoint;
    let first: string | null = grant.token;
    realtime = new Realtime({
      authCallback: (_, done) => {
        if (first !== null) {
          done(null, first);
          first = null;
          return;
        }
        client.live.token.query({ executionId }).then(
          (next) => (next.transport === "ably" ? done(null, next.token) : done("Live events no longer come from Ably", null)),
          (error: unknown) => done(error instanceof Error ? error.message : String(error), null),
        );
      },
      tls,
      ...(host !== undefined && { endpoint: host, transports: ["web_socket" as const], disableConnectivityCheck: true }),
      ...(port !== undefined && (tls ? { tlsPort: port } : { port })),
      // What matters is shown on the page; the library's own log would only repeat it in the console.
      logLevel: 4,
    });
    realtime.connection.on(["disconnected", "suspended"], () => stopped || handlers.onDown());
    realtime.connection.on("failed", () => {
      if (stopped) return;
      handlers.onDown();
      onFailed();
    });
    const channel = realtime.channels.get(grant.channel);
    // Attached anew or with something missing: what was sent meanwhile is asked for.
    channel.on(["attached", "update"], () => stopped || handlers.onOpen());
    channel.on("failed", () => {
      if (stopped) return;
      handlers.onDown();
      onFailed();
    });
    await channel.subscribe("events", (message) => {
      if (stopped) return;
      for (const event of eventsOf(message.data)) handlers.onEvent(event);
    });
  };
  open().catch(() => {
    if (stopped) return;
    handlers.onDown();
    onFailed();
  });

  return () => {
    stopped = true;
    realtime?.close();
  };
}
