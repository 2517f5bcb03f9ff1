import type { ExecutionSnapshot, LiveEvent } from "@/flow/execution/events";
import { applyEvent, catchUp, type ExecutionView, viewOf } from "@/flow/execution/reduce";
import { isTerminal } from "@/flow/execution/status";

/** Where live events come from: server-sent events here, another carrier behind the same three calls. */
export interface LiveTransport {
  /** Reports until the returned function is called; reconnects by itself. */
  subscribe(executionId: string, handlers: LiveHandlers): () => void;
}

export interface LiveHandlers {
  /** Events flow from now on; those of before may have been missed. */
  onOpen(): void;
  onEvent(event: LiveEvent): void;
  /** Nothing flows until the next `onOpen`. */
  onDown(): void;
}

export interface ExecutionFeedOptions {
  executionId: string;
  transport: LiveTransport;
  snapshot: () => Promise<ExecutionSnapshot>;
  /** Head and records after a journal position. */
  after: (seq: number) => Promise<ExecutionSnapshot>;
  onChange: (state: FeedState) => void;
}

export interface FeedState {
  view: ExecutionView | null;
  connection: "connecting" | "live" | "polling" | "ended";
  /** Why there is no view, when loading failed; it is tried again. */
  error: unknown;
}

const POLL_MS = 1500;
/** An open stream that stays silent is asked after: its last message may have been lost. */
const QUIET_MS = 10_000;

/**
 * Follows one execution to its end. A reload and the live view fold the same records, so they cannot disagree: it starts
 * from a snapshot, applies events in order, asks for the records after the last one on a gap, and polls while the
 * transport is down.
 */
export function followExecution({ executionId, transport, snapshot, after, onChange }: ExecutionFeedOptions): () => void {
  let state: FeedState = { view: null, connection: "connecting", error: null };
  /** Null until the transport has said either: a stream on its way is not one that went away. */
  let open: boolean | null = null;
  let stopped = false;
  let asking = false;
  let askAgain = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let early: LiveEvent[] = [];
  let unsubscribe: () => void = () => undefined;

  const update = (change: Partial<FeedState>): void => {
    if (stopped) return;
    const view = change.view === undefined ? state.view : change.view;
    const ended = view !== null && isTerminal(view.execution.status) && !view.gap;
    state = {
      ...state,
      ...change,
      connection: ended ? "ended" : view === null || open === null ? "connecting" : open ? "live" : "polling",
    };
    onChange(state);
    if (ended) stop();
    else schedule();
  };

  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), open && state.view && !state.view.gap ? QUIET_MS : POLL_MS);
  };

  const fold = (view: ExecutionView, events: readonly LiveEvent[]): ExecutionView => events.reduce(applyEvent, view);

  /** Loads what is missing: everything at first, later the records after the last known one. */
  const ask = async (): Promise<void> => {
    if (stopped) return;
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    clearTimeout(timer);
    try {
      const known = state.view;
      const answer = known ? await after(known.seq) : await snapshot();
      const base = state.view ? catchUp(state.view, answer) : viewOf(answer);
      const waiting = early;
      early = [];
      update({ view: fold(base, waiting), error: null });
    } catch (error) {
      update({ error });
    } finally {
      asking = false;
      if (askAgain && !stopped) {
        askAgain = false;
        void ask();
      }
    }
  };

  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
    unsubscribe();
  };

  unsubscribe = transport.subscribe(executionId, {
    onOpen() {
      open = true;
      if (state.view) update({});
      void ask();
    },
    onEvent(event) {
      if (stopped) return;
      if (!state.view || asking) {
        early.push(event);
        return;
      }
      const view = applyEvent(state.view, event);
      if (view.gap) {
        early.push(event);
        update({ view });
        void ask();
      } else if (view !== state.view) update({ view });
    },
    onDown() {
      if (stopped) return;
      open = false;
      update({});
    },
  });
  // Not waiting for the transport: one that never opens must not keep the page empty.
  if (!stopped) void ask();
  return stop;
}
