import type { Pool } from "pg";
import type { Hint } from "@/flow/execution/events";
import type { LiveBus } from "@/server/realtime/bus";
import type { RunExecution } from "../engine";
import type { EngineEvent } from "./events";
import type { Held } from "./journal";
import type { BegunStepRow } from "./rows";

/** As much of a logger as the engine uses; pino's fits. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What the engine and the functions that Inngest calls work with. */
export interface InngestRuntime {
  pool: Pool;
  run: RunExecution;
  bus: LiveBus;
  logger: Log;
  /** Whether nodes of a type give items out of one handle at a time. */
  isExclusive: (nodeType: string) => boolean;
  /** Hears that an execution has ended; which one is in the database (`execution_end`). */
  ended?: () => void;
  /** Hears that there may be room for other executions, and behind which gate. */
  freed(gate: string | null): void;
  /** Sends events to Inngest in the background. */
  announce(...events: EngineEvent[]): void;
}

/** A step attempt under way in this process. */
export interface RunningStep {
  executionId: string;
  controller: AbortController;
  /** Once it is really begun. */
  hint?: Hint;
  attempt?: { held: Held; row: BegunStepRow };
  done: Promise<unknown>;
}

interface Holder {
  runtime?: InngestRuntime;
  /** By execution id and step key. */
  running: Map<string, RunningStep>;
}

// The framework bundles the endpoint, the services and the start-up apart: a module variable would be one for each.
const holder = globalThis as unknown as { tolstoyInngest?: Holder };
holder.tolstoyInngest ??= { running: new Map() };
const held: Holder = holder.tolstoyInngest;

/** Gives the functions what they work with; called once at start-up, before anything is served. */
export function setInngestRuntime(runtime: InngestRuntime): void {
  held.runtime = runtime;
}

export function inngestRuntime(): InngestRuntime {
  if (!held.runtime) throw new Error("Inngest called before the app had started its execution engine: setInngestRuntime() comes first");
  return held.runtime;
}

export const runningSteps: Map<string, RunningStep> = held.running;

/** Attempts of an execution that are under way in this process. */
export const stepsAtWork = (executionId: string): Hint[] =>
  [...runningSteps.values()].flatMap((step) => (step.executionId === executionId && step.hint ? [step.hint] : []));

/** Tells the attempts of an execution that run in this process to give up. */
export function abortRunningSteps(executionId: string, reason: Error): void {
  for (const step of runningSteps.values()) if (step.executionId === executionId) step.controller.abort(reason);
}
