/** How the draft on the screen stands to the one on the server. */
export interface AutosaveState {
  phase:
    | "saved"
    /** Edits wait for a pause in typing. */
    | "pending"
    | "saving"
    /** The server could not be reached; tried again after a while. */
    | "offline"
    /** Somebody saved another draft: nothing is sent until the person has chosen. */
    | "conflict"
    /** The server refuses this draft as it is; the next edit tries again. */
    | "refused";
  /** The server's revision that the draft on the screen builds on. */
  revision: number;
  /** There were edits after the save under way had begun. */
  editedMeanwhile: boolean;
  /** Failed tries in a row. */
  failures: number;
  message: string | null;
}

export type AutosaveEvent =
  | { type: "edited" }
  | { type: "saving" }
  | { type: "saved"; revision: number }
  | { type: "failed"; reason: "network" | "conflict" | "refused"; message: string }
  /** The draft on the screen stays and goes over the server's `revision`. */
  | { type: "keptMine"; revision: number }
  /** The server's draft is on the screen now. */
  | { type: "tookTheirs"; revision: number };

export const DEBOUNCE_MS = 700;
const MAX_RETRY_MS = 30_000;

export const initialAutosave = (revision: number): AutosaveState => ({
  phase: "saved",
  revision,
  editedMeanwhile: false,
  failures: 0,
  message: null,
});

/** Every way in which saving moves on. An edit is never forgotten: only `saved` without later edits leads to `saved`. */
export function reduceAutosave(state: AutosaveState, event: AutosaveEvent): AutosaveState {
  switch (event.type) {
    case "edited":
      if (state.phase === "saving") return { ...state, editedMeanwhile: true };
      // Nothing new to tell: the edit is unsent already.
      if (state.phase === "conflict" || state.phase === "offline" || state.phase === "pending") return state;
      return { ...state, phase: "pending", message: null };
    case "saving":
      return { ...state, phase: "saving", editedMeanwhile: false };
    case "saved":
      return {
        phase: state.editedMeanwhile ? "pending" : "saved",
        revision: event.revision,
        editedMeanwhile: false,
        failures: 0,
        message: null,
      };
    case "failed":
      if (event.reason === "network") return { ...state, phase: "offline", failures: state.failures + 1, message: event.message };
      if (event.reason === "refused" && state.editedMeanwhile) return { ...state, phase: "pending", editedMeanwhile: false, message: null };
      return { ...state, phase: event.reason, message: event.message };
    case "keptMine":
      return { ...state, phase: "pending", revision: event.revision, failures: 0, message: null };
    case "tookTheirs":
      return initialAutosave(event.revision);
  }
}

/** Milliseconds until the next try to save; null when there is nothing to send or the person must act first. */
export function nextSaveDelay(state: AutosaveState): number | null {
  if (state.phase === "pending") return DEBOUNCE_MS;
  if (state.phase === "offline") return Math.min(MAX_RETRY_MS, 1000 * 2 ** Math.min(state.failures - 1, 10));
  return null;
}

/** Whether closing the page now would lose something that the server does not have. */
export const hasUnsavedEdits = (state: AutosaveState): boolean => state.phase !== "saved";
