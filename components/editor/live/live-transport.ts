import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "@/server/trpc/router";
import { listenAtAbly } from "./ably-transport";
import type { LiveTransport } from "./execution-feed";
import { createSseTransport } from "./sse-transport";

/** Live events by whichever carrier the server is configured with; server-sent events when another one refuses. */
export function createLiveTransport(client: TRPCClient<AppRouter>): LiveTransport {
  const sse = createSseTransport(client);
  return {
    subscribe(executionId, handlers) {
      let leave: () => void = () => undefined;
      let stopped = false;
      const overSse = () => {
        leave();
        if (!stopped) leave = sse.subscribe(executionId, handlers);
      };
      client.live.token.query({ executionId }).then(
        (grant) => {
          if (stopped) return;
          if (grant.transport === "ably") leave = listenAtAbly({ client, executionId, grant, handlers, onFailed: overSse });
          else overSse();
        },
        // Whoever may not listen is told so by the stream; a server that is away is asked again by it.
        overSse,
      );
      return () => {
        stopped = true;
        leave();
      };
    },
  };
}
