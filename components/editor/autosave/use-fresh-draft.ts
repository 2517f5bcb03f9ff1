"use client";
import { useEffect } from "react";
import { useTRPCClient } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import { useEditorEnvironment } from "../state/editor-context";
import type { Autosave } from "./autosave";
import { sameGraph } from "./same-graph";

/** Whoever comes back to the tab finds what was saved elsewhere meanwhile, unless there are edits of their own to decide about. */
export function useFreshDraft(flowId: string, autosave: Autosave, enabled: boolean): void {
  const client = useTRPCClient();
  const { store } = useEditorEnvironment();
  useEffect(() => {
    if (!enabled) return;
    let stopped = false;
    const look = async () => {
      if (document.visibilityState !== "visible" || autosave.state().phase !== "saved") return;
      const flow = await client.flows.get.query({ id: flowId }).catch(() => null);
      const { phase, revision } = autosave.state();
      if (stopped || !flow || phase !== "saved" || flow.revision <= revision) return;
      if (!sameGraph(flow.graph, store.getState().graph)) {
        store.getState().apply({ type: "replaceGraph", graph: flow.graph });
        toast("Updated", { description: "This flow was changed in another tab or by somebody else." });
      }
      autosave.tookTheirs(flow.revision);
    };
    const onVisible = () => void look();
    window.addEventListener("focus", onVisible);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      stopped = true;
      window.removeEventListener("focus", onVisible);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [client, store, flowId, autosave, enabled]);
}
