"use client";
import { useCallback, useMemo } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPCClient } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import type { Item } from "@/flow/item";
import { formatCount } from "../format";
import { useRun, visitsOf } from "../live/run-context";
import { nodeOf } from "../state/canvas-elements";
import { useEditorEnvironment } from "../state/editor-context";
import { canPin, pinsOf } from "./pinned-items";

const PAGE = 500;

export interface Pinning {
  /** Pins what the node gave in the run that is shown. */
  pinFromRun: (nodeId: string, key?: string) => void;
  unpin: (nodeId: string) => void;
  /** Unpins what is pinned, else pins what it gave. */
  toggle: (nodeId: string) => void;
}

/** Pinning of nodes' outputs: what stands in for a node in runs from the editor. */
export function usePinning(): Pinning {
  const { store, definitionOf } = useEditorEnvironment();
  const client = useTRPCClient();
  const { executionId, feed } = useRun();

  const load = useCallback(
    async (id: string, key: string): Promise<Item[]> => {
      const items: Item[] = [];
      for (;;) {
        const step = await client.executions.step.query({ id, key, offset: items.length, limit: PAGE });
        const page = step.outputs[0];
        items.push(...(page?.items ?? []));
        if (!page || page.items.length === 0 || items.length >= page.total) return items;
      }
    },
    [client],
  );

  const pinFromRun = useCallback(
    async (nodeId: string, wanted?: string) => {
      const node = nodeOf(store.getState().graph, nodeId);
      if (!node) return;
      if (!canPin(node, definitionOf)) {
        toast.error(`“${node.name}” cannot be pinned`, { description: "Only nodes with exactly one output can." });
        return;
      }
      const visit = visitsOf(feed.getState(), nodeId).findLast(({ key, status }) => (wanted ? key === wanted : status === "succeeded"));
      if (!executionId || !visit) {
        toast.error("There is nothing to pin yet", { description: `Run “${node.name}” first, or open it and write its data as JSON.` });
        return;
      }
      try {
        const made = pinsOf(await load(executionId, visit.key));
        if ("error" in made) {
          toast.error("The output was not pinned", { description: made.error });
          return;
        }
        store.getState().apply({ type: "setPinned", nodeId, pinned: made.pinned });
        if (made.filesLeft > 0) {
          toast.warning("Pinned without files", {
            description: `${formatCount(made.filesLeft, "file")} stayed with the run: only small ones are part of an item.`,
          });
        }
      } catch (error) {
        toast.error("The output was not pinned", { description: errorMessage(error) });
      }
    },
    [store, definitionOf, feed, executionId, load],
  );

  return useMemo(() => {
    const unpin = (nodeId: string) => void store.getState().apply({ type: "setPinned", nodeId, pinned: null });
    return {
      pinFromRun: (nodeId, key) => void pinFromRun(nodeId, key),
      unpin,
      toggle: (nodeId) => {
        if (nodeOf(store.getState().graph, nodeId)?.pinned) unpin(nodeId);
        else void pinFromRun(nodeId);
      },
    };
  }, [store, pinFromRun]);
}
