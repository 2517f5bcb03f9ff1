import type { ExecutionEngine, ExecutionOutcome, NewExecution } from "@/server/execution/engine";

export interface RecordingEngine extends ExecutionEngine {
  /** What was started, oldest first. */
  readonly started: NewExecution[];
  readonly signals: Parameters<ExecutionEngine["signal"]>[0][];
  /** What waiting callers are told. */
  result: ExecutionOutcome;
}

/** Remembers what it is told and runs nothing: for tests of what leads to an engine. */
export function recordingEngine(): RecordingEngine {
  const started: NewExecution[] = [];
  const signals: RecordingEngine["signals"] = [];
  const consumed = new Set<string>();
  return {
    name: "embedded",
    started,
    signals,
    result: { status: "succeeded", error: null, response: null, lastItems: [{ json: { done: true } }] },
    async start(execution) {
      const { dedupeKey, triggerId } = execution.event;
      const earlier =
        dedupeKey === null ? undefined : started.find(({ event }) => event.dedupeKey === dedupeKey && event.triggerId === triggerId);
      if (earlier) return { executionId: earlier.id, duplicate: true };
      started.push(execution);
      return { executionId: execution.id, duplicate: false };
    },
    cancel: async () => true,
    pause: async () => true,
    resume: async () => true,
    async signal(event) {
      if (consumed.has(event.correlation)) return false;
      consumed.add(event.correlation);
      signals.push(event);
      return true;
    },
    async outcome() {
      return this.result;
    },
    stop: async () => {},
  };
}
