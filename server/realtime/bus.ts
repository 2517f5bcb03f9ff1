import type { Hint, LiveEvent } from "@/flow/execution/events";
import type { ExecutionMode } from "@/flow/execution/status";
import { logger } from "../logger";

/** Whose events they are. */
export interface LiveExecution {
  organizationId: string;
  flowId: string;
  executionId: string;
  mode: ExecutionMode;
}

type Listener = (events: readonly LiveEvent[]) => void;

/**
 * Live events of this process, by execution. A hint only: what matters is in the journal, so a listener that throws or a
 * message that is lost costs nothing but time.
 */
export interface LiveBus {
  publish(execution: LiveExecution, events: readonly LiveEvent[]): void;
  /** Whether anybody would hear: events for nobody need not be made. */
  isHeard(executionId: string): boolean;
  subscribe(executionId: string, listener: Listener): () => void;
  /** Attempts of this execution that are under way in this process: their hints, for whoever did not hear them. */
  atWork(executionId: string): Hint[];
  /** How an engine tells what it is at. */
  reportsWith(report: (executionId: string) => Hint[]): () => void;
  /** Hears everything, for transports that leave the process. */
  subscribeAll(listener: (execution: LiveExecution, events: readonly LiveEvent[]) => void): () => void;
}

/** Whoever listens must not disturb whoever executes. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch (cause) {
    logger.error({ err: cause }, "a listener to live events failed");
  }
}

function createLiveBus(): LiveBus {
  const byExecution = new Map<string, Set<Listener>>();
  const all = new Set<Parameters<LiveBus["subscribeAll"]>[0]>();
  const reports = new Set<Parameters<LiveBus["reportsWith"]>[0]>();
  return {
    publish(execution, events) {
      if (events.length === 0) return;
      for (const listener of byExecution.get(execution.executionId) ?? []) quietly(() => listener(events));
      for (const listener of all) quietly(() => listener(execution, events));
    },
    isHeard: (executionId) => all.size > 0 || byExecution.has(executionId),
    subscribe(executionId, listener) {
      const listeners = byExecution.get(executionId) ?? new Set();
      byExecution.set(executionId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byExecution.get(executionId) === listeners) byExecution.delete(executionId);
      };
    },
    atWork: (executionId) => [...reports].flatMap((report) => report(executionId)),
    reportsWith(report) {
      reports.add(report);
      return () => reports.delete(report);
    },
    subscribeAll(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
  };
}

// The framework bundles entry points apart: a module variable would be one bus per bundle.
const holder = globalThis as unknown as { tolstoyLiveBus?: LiveBus };
holder.tolstoyLiveBus ??= createLiveBus();
export const liveBus: LiveBus = holder.tolstoyLiveBus;
