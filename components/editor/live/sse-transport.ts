import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "@/server/trpc/router";
import type { LiveTransport } from "./execution-feed";

const RESUBSCRIBE_MS = 5_000;

/** Live events as server-sent events from our own server. The stream reconnects by itself; one that was refused is asked for again. */
export function createSseTransport(client: TRPCClient<AppRouter>): LiveTransport {
  return {
    subscribe(executionId, handlers) {
      let stopped = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let subscription: { unsubscribe: () => void } | undefined;
      const open = () => {
        subscription = client.executions.live.subscribe(
          { id: executionId },
          {
            onStarted: () => stopped || handlers.onOpen(),
            onData: ({ data }) => stopped || handlers.onEvent(data),
            onConnectionStateChange: (state) => {
              if (!stopped && state.state === "connecting" && state.error) handlers.onDown();
            },
            onError: () => {
              if (stopped) return;
              handlers.onDown();
              timer = setTimeout(open, RESUBSCRIBE_MS);
            },
          },
        );
      };
      open();
      return () => {
        stopped = true;
        clearTimeout(timer);
        subscription?.unsubscribe();
      };
    },
  };
}
