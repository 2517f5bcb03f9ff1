"use client";
import { useEffect, useState } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";
import { useTRPCClient } from "@/components/providers/trpc";
import { type FeedState, followExecution } from "./execution-feed";
import { createLiveTransport } from "./live-transport";
import { nodeStatuses } from "./node-status";
import type { StatusStore } from "./status-store";

const NOTHING: FeedState = { view: null, connection: "connecting", error: null };
export type FeedStore = StoreApi<FeedState>;

/**
 * Follows an execution to its end and keeps the nodes' statuses with it. However many events arrive, what renders changes
 * once per animation frame. Null: no execution is shown.
 */
export function useExecutionFeed(executionId: string | null, statuses: StatusStore): FeedStore {
  const client = useTRPCClient();
  const [store] = useState<FeedStore>(() => createStore(() => NOTHING));

  useEffect(() => {
    store.setState(NOTHING);
    if (executionId === null) {
      statuses.replace(new Map());
      return;
    }
    let frame = 0;
    let latest: FeedState = NOTHING;
    const show = () => {
      frame = 0;
      store.setState(latest);
      statuses.replace(latest.view ? nodeStatuses(latest.view) : new Map());
    };
    const stop = followExecution({
      executionId,
      transport: createLiveTransport(client),
      snapshot: () => client.executions.snapshot.query({ id: executionId }),
      after: (seq) => client.executions.after.query({ id: executionId, seq }),
      onChange: (state) => {
        latest = state;
        if (frame === 0) frame = requestAnimationFrame(show);
      },
    });
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [executionId, client, store, statuses]);

  return store;
}
