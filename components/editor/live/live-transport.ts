import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "@/server/trpc/router";
import type { LiveTransport } from "./execution-feed";
import { createSseTransport } from "./sse-transport";

/**
 * Live events by whichever carrier the server grants; server-sent events when another one fails. The client of another one
 * is loaded only when it is granted.
 */
export function createLiveTransport(client: TRPCClient<AppRouter>): LiveTransport {
  const sse = createSseTransport(client);
  return {
    subscribe(executionId, handlers) {
      let leave: () => void = () => undefined;
      let stopped = false;
      const ask = () => client.live.token.query({ executionId });
      const renew = async (): Promise<string> => {
        const next = await ask();
        if (next.transport !== "ably") throw new Error("Live events no longer come from Ably.");
        return next.token;
      };
      const overSse = () => {
        if (!stopped) leave = sse.subscribe(executionId, handlers);
      };
      const open = async () => {
        const grant = await ask();
        if (grant.transport === "sse") return overSse();
        const { listenAtAbly } = await import("./ably-transport");
        if (!stopped) leave = listenAtAbly({ grant, renew, handlers, onFailed: overSse });
      };
      // Whoever may not listen is told so by the stream; a server that is away is asked again by it.
      open().catch(overSse);
      return () => {
        stopped = true;
        leave();
      };
    },
  };
}
