import type { Graph } from "@/flow/graph/schema";
import {
  type AutosaveEvent,
  type AutosaveState,
  hasUnsavedEdits,
  initialAutosave,
  nextSaveDelay,
  reduceAutosave,
} from "./autosave-machine";
import type { LocalCopy } from "./local-copy";

/** What a save came to. `network` covers everything that may pass by waiting. */
export type SaveResult = { ok: true; revision: number } | { ok: false; reason: "network" | "conflict" | "refused"; message: string };

export interface AutosaveOptions {
  revision: number;
  /** The draft as it stands. */
  graph: () => Graph;
  save: (input: { graph: Graph; revision: number }) => Promise<SaveResult>;
  localCopy: Pick<LocalCopy, "write" | "clear">;
}

/**
 * Keeps the server's draft up with the screen: waits for a pause in editing, sends one save at a time, tries again while
 * the network is away, and keeps a copy in the browser until the server has everything.
 */
export interface Autosave {
  state(): AutosaveState;
  subscribe(listener: () => void): () => void;
  /** To be told of every change of the graph. */
  edited(): void;
  /** Sends what is unsent now. Resolves to whether the server has everything. */
  flush(): Promise<boolean>;
  keepMine(revision: number): void;
  tookTheirs(revision: number): void;
  /** Tries again by itself, or no longer: what is unsaved then stays in the local copy. */
  setRetrying(retrying: boolean): void;
}

export function createAutosave({ revision, graph, save, localCopy }: AutosaveOptions): Autosave {
  let state = initialAutosave(revision);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let inFlight: Promise<void> | undefined;
  let stopped = false;
  const listeners = new Set<() => void>();

  const dispatch = (event: AutosaveEvent): void => {
    const next = reduceAutosave(state, event);
    if (next === state) return;
    state = next;
    if (!hasUnsavedEdits(state)) localCopy.clear();
    for (const listener of listeners) listener();
    schedule();
  };

  const schedule = (): void => {
    clearTimeout(timer);
    const delay = stopped ? null : nextSaveDelay(state);
    if (delay !== null) timer = setTimeout(() => void send(), delay);
  };

  const send = (): Promise<void> => {
    inFlight ??= (async () => {
      clearTimeout(timer);
      dispatch({ type: "saving" });
      const result = await save({ graph: graph(), revision: state.revision }).catch(
        (error: unknown): SaveResult => ({ ok: false, reason: "network", message: error instanceof Error ? error.message : String(error) }),
      );
      inFlight = undefined;
      dispatch(
        result.ok ? { type: "saved", revision: result.revision } : { type: "failed", reason: result.reason, message: result.message },
      );
    })();
    return inFlight;
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    edited() {
      localCopy.write({ graph: graph(), revision: state.revision });
      dispatch({ type: "edited" });
      if (state.phase === "pending") schedule();
    },
    async flush() {
      while (hasUnsavedEdits(state) && !stopped) {
        await send();
        if (state.phase === "offline" || state.phase === "conflict" || state.phase === "refused") return false;
      }
      return !hasUnsavedEdits(state);
    },
    keepMine: (serverRevision) => dispatch({ type: "keptMine", revision: serverRevision }),
    tookTheirs: (serverRevision) => dispatch({ type: "tookTheirs", revision: serverRevision }),
    setRetrying(retrying) {
      stopped = !retrying;
      schedule();
    },
  };
}
