"use client";
import { isTRPCClientError } from "@trpc/client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { announceEndedSession, isLeavingToSignIn } from "@/components/providers/ended-session";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPCClient } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import type { EditorStore } from "../state/editor-store";
import type { FlowTrigger } from "../state/flow-context";
import { newId } from "../state/new-id";
import { type Autosave, createAutosave, type SaveResult } from "./autosave";
import { type AutosaveState, hasUnsavedEdits } from "./autosave-machine";
import { clearStoredDrafts, createLocalCopy } from "./local-copy";

/** Survives a reload of the tab, so that the tab finds its own copy. */
function tabId(): string {
  const key = "tolstoy:tab";
  const known = sessionStorage.getItem(key);
  if (known) return known;
  const made = newId();
  sessionStorage.setItem(key, made);
  return made;
}

function failure(error: unknown): SaveResult {
  const status = isTRPCClientError(error) ? (error.data as { httpStatus?: number } | null | undefined)?.httpStatus : undefined;
  const message = errorMessage(error);
  if (status === 401) announceEndedSession();
  if (status === 409) return { ok: false, reason: "conflict", message };
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429)
    return { ok: false, reason: "refused", message };
  return { ok: false, reason: "network", message };
}

export interface AutosaveHandle {
  autosave: Autosave;
  state: AutosaveState;
}

/** Saves the store's graph whenever it changes. `restored`: the graph on the screen is a draft that the server does not have. */
export function useAutosave(options: {
  flowId: string;
  store: EditorStore;
  revision: number;
  restored: boolean;
  enabled: boolean;
  onTriggers: (triggers: readonly FlowTrigger[]) => void;
}): AutosaveHandle {
  const client = useTRPCClient();
  const [{ autosave, localCopy }] = useState(() => {
    const { flowId, store, revision, onTriggers } = options;
    const copy = createLocalCopy(localStorage, flowId, tabId());
    const made = createAutosave({
      revision,
      graph: () => store.getState().graph,
      localCopy: copy,
      async save(input) {
        try {
          const saved = await client.flows.saveDraft.mutate({ id: flowId, ...input });
          onTriggers(saved.triggers);
          return { ok: true, revision: saved.revision };
        } catch (error) {
          return failure(error);
        }
      },
    });
    return { autosave: made, localCopy: copy };
  });
  const { store, restored, enabled, flowId } = options;

  useEffect(() => {
    if (!enabled) return;
    autosave.setRetrying(true);
    if (restored && autosave.state().phase === "saved") {
      clearStoredDrafts(localStorage, flowId);
      autosave.edited();
      toast("Unsaved changes restored", { description: "They were kept in this browser and are being saved." });
    }
    const unsubscribe = store.subscribe((state, before) => {
      if (state.graph !== before.graph) autosave.edited();
    });
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      if (!hasUnsavedEdits(autosave.state())) return;
      localCopy.flush();
      if (isLeavingToSignIn()) return;
      void autosave.flush();
      event.preventDefault();
    };
    const onVisibility = () => {
      const { phase } = autosave.state();
      if (document.visibilityState === "hidden") {
        if (!hasUnsavedEdits(autosave.state())) return;
        localCopy.flush();
        void autosave.flush();
        // Back from another tab, in which somebody may have signed in again.
      } else if (phase === "refused") void autosave.flush();
    };
    const onOnline = () => {
      if (autosave.state().phase === "offline") void autosave.flush();
    };
    window.addEventListener("beforeunload", onBeforeUnload);
    window.addEventListener("online", onOnline);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      unsubscribe();
      window.removeEventListener("beforeunload", onBeforeUnload);
      window.removeEventListener("online", onOnline);
      document.removeEventListener("visibilitychange", onVisibility);
      if (hasUnsavedEdits(autosave.state())) {
        localCopy.flush();
        if (autosave.state().phase !== "conflict") void autosave.flush();
      }
      autosave.setRetrying(false);
    };
  }, [autosave, localCopy, store, restored, enabled, flowId]);

  const state = useSyncExternalStore(autosave.subscribe, autosave.state, autosave.state);
  return { autosave, state };
}
