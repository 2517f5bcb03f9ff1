import type { FrozenGraph } from "@/flow/graph/schema";
import { FLOWS_ENDED, flowsCorrelation, flowsWaitKey, type Host, type StepRef } from "@/flow/interpreter/host";
import { resumeToken } from "./events";
import type { Held } from "./journal";
import { racingNodes } from "./race";
import { runStep, type StepScope } from "./run-step";
import type { InngestRuntime } from "./runtime";
import { fromStepError, RunFullError } from "./step-errors";
import { readOutputs, type VisitState } from "./visit";
import { endSleep, lookForEvent, lookForFlows, withinReach } from "./wait";

/** Identity of one Inngest step, and how it is planned. */
export interface StepId {
  id: string;
  /** What Inngest's own screens show. */
  name: string;
  parallelMode?: "race";
}

/** As much of Inngest's `step` as the host uses. */
export interface StepTools {
  run<T>(id: StepId, fn: () => Promise<T>): Promise<T>;
  sleepUntil(id: StepId, until: Date): Promise<void>;
  /** Waits for a resume event; see `RESUME_EVENT`. */
  waitForResume(id: StepId, options: { if: string; timeout: Date }): Promise<unknown>;
}

/**
 * Inngest allows 1,000 steps a run, and 32 MiB of what they returned. An execution that makes more goes on in another run, which
 * begins where the journal stands. After these steps nothing new is begun; what is under way ends first.
 */
const ENOUGH_STEPS = 500;
/** Racing steps have a call each, which goes through all steps before it anew: many of them cost more than another run does. */
const ENOUGH_RACING_STEPS = 60;
/** Bytes of what waits brought, at 1 MiB at most each: with more than 4 MiB Inngest no longer sends along what it remembers. */
const ENOUGH_BYTES = 3 * 1_048_576;
/** Steps that are planned at the same time: more wait for their turn, so that what is under way always fits into the run. */
const MOST_AT_ONCE = 60;

export interface InngestHostOptions {
  runtime: InngestRuntime;
  held: Held;
  /** Journal position at the start of this call. */
  seq: number;
  /** What the journal had decided when this run took the execution. */
  decided: ReadonlyMap<string, VisitState>;
  graph: Pick<FrozenGraph, "nodes" | "edges" | "partial">;
  step: StepTools;
  lastCall: boolean;
}

export interface InngestHost extends Host {
  /**
   * How things stand at the end of this call: whether all that is left waits, until when at the earliest, and the journal
   * position that this was seen at.
   */
  standing(): { waits: boolean; wakeAt: Date | null; seq: number };
}

/**
 * The host port over Inngest's steps. Inngest calls the function again and again, and each call interprets the graph from its
 * start: steps that are done answer from Inngest's memory with their summaries, while outputs stay in our journal and are read
 * inside of the steps that need them. In a branch nothing but a step may be awaited, or Inngest would not see the next one.
 */
export function createInngestHost({ runtime, held, graph, step: tools, lastCall, seq, decided }: InngestHostOptions): InngestHost {
  const racing = racingNodes(graph, runtime.isExclusive);
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
  const active = new Set<string>();
  const waiting = new Map<string, Date | null>();
  /** How often a step ran again after waiting for executions that it had started: each time is a step of Inngest's own. */
  const rounds = new Map<string, number>();
  let position = seq;
  let fault: Error | null = null;
  /** Steps of this Inngest run so far, and how many of them race. */
  let used = 0;
  let raced = 0;
  let bytes = 0;
  /** Visits that another run is to make; they end this one once nothing is under way any more. */
  const leftOver: ((error: RunFullError) => void)[] = [];
  /** Visits that wait for their turn. */
  const queue: (() => void)[] = [];

  const scope: StepScope = {
    runtime,
    held,
    lastCall,
    appended: (at) => {
      position = Math.max(position, at);
    },
    takeFault: () => {
      const taken = fault;
      fault = null;
      return taken;
    },
  };

  /** For one step of Inngest: it is counted. */
  const idOf = (step: StepRef, part = "", label = ""): StepId => {
    used++;
    if (racing.has(step.nodeId)) raced++;
    return nameStep(step, part, label);
  };
  const nameStep = (step: StepRef, part: string, label: string): StepId => ({
    id: step.key + part,
    name: `${names.get(step.nodeId) ?? step.nodeId}${step.runIndex > 0 ? ` (${step.runIndex + 1})` : ""}${label}`,
    ...(racing.has(step.nodeId) && { parallelMode: "race" as const }),
  });

  const inStep = async <T>(step: StepRef, id: StepId, fn: () => Promise<T>): Promise<T> => {
    try {
      return await tools.run(id, fn);
    } catch (thrown) {
      throw fromStepError(thrown, step.key);
    }
  };

  const isFull = (): boolean => used >= ENOUGH_STEPS || raced >= ENOUGH_RACING_STEPS || bytes >= ENOUGH_BYTES;

  const leave = (): Promise<never> =>
    new Promise((_, reject) => {
      leftOver.push(reject);
    });

  /** A step is over: the next one may have its turn, and a full run ends with the last one that was under way. */
  const settled = (step: StepRef): void => {
    active.delete(step.key);
    queue.shift()?.();
    // What follows from this step is asked for before the event loop turns.
    setImmediate(() => {
      if (active.size === 0) for (const reject of leftOver.splice(0)) reject(new RunFullError());
    });
  };

  /** What ended the wait of a visit before this run. */
  const ended = (step: StepRef) => {
    const known = decided.get(step.key);
    return known?.kind === "done" ? known.waited : null;
  };

  return {
    outputsInMemory: false,
    outputs: (key) =>
      readOutputs(runtime.pool, held.id, key).catch((thrown: Error) => {
        fault = thrown;
        throw thrown;
      }),
    run: async (step, fn) => {
      const known = decided.get(step.key);
      if (known?.kind === "done") return known.summary;
      const races = racing.has(step.nodeId);
      // In a line nothing else is under way. Beside others a step may have been planned by an earlier call: only its own function,
      // which Inngest calls for once, can tell for all calls alike that another run is to make it. Inngest answers steps in the
      // order in which they ended, so what is asked for after such an answer is asked for after it in every call.
      if (!races && isFull()) throw new RunFullError();
      while (active.size >= MOST_AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
      if (leftOver.length > 0) return leave();
      active.add(step.key);
      const round = rounds.get(step.key);
      const id = idOf(step, round ? `:again:${round}` : "");
      const full = races && isFull();
      try {
        return await inStep(step, id, () => runStep(scope, step, fn, full));
      } catch (thrown) {
        if (!(thrown instanceof RunFullError)) throw thrown;
      } finally {
        settled(step);
      }
      return leave();
    },
    sleep: async (step, until) => {
      if (ended(step)) return;
      waiting.set(step.key, until);
      for (let part = 1, over = false; !over; part++) {
        const suffix = part === 1 ? "" : `:${part}`;
        await tools.sleepUntil(idOf(step, `:sleep${suffix}`, ": sleep"), withinReach(until));
        over = await inStep(step, idOf(step, `:wake${suffix}`, ": wake"), () => endSleep(scope, step, until));
      }
      waiting.delete(step.key);
    },
    waitForEvent: async (step, options) => {
      const over = ended(step);
      if (over) return over.payload;
      waiting.set(step.key, options.until ?? null);
      for (let round = 1; ; round++) {
        const state = await inStep(step, idOf(step, `:look:${round}`, ": look"), () => lookForEvent(scope, step, options));
        if (state.over) {
          waiting.delete(step.key);
          bytes += JSON.stringify(state.payload).length;
          return state.payload;
        }
        await tools.waitForResume(idOf(step, `:wait:${round}`, ": wait"), {
          if: `async.data.token == "${resumeToken(options.event, options.correlation)}"`,
          timeout: new Date(state.until),
        });
      }
    },
    waitForFlows: async (step, wait) => {
      const key = flowsWaitKey(step.key, wait);
      waiting.set(key, null);
      for (let look = 1; ; look++) {
        const state = await inStep(step, idOf(step, `${key.slice(step.key.length)}:look:${look}`, ": look"), () =>
          lookForFlows(scope, step, key),
        );
        if (state.over) break;
        await tools.waitForResume(idOf(step, `${key.slice(step.key.length)}:wait:${look}`, ": wait"), {
          if: `async.data.token == "${resumeToken(FLOWS_ENDED, flowsCorrelation(held.id, key))}"`,
          timeout: new Date(state.until),
        });
      }
      waiting.delete(key);
      rounds.set(step.key, (rounds.get(step.key) ?? 0) + 1);
    },
    standing: () => {
      const times = [...waiting.values()].filter((until) => until !== null).map((until) => until.getTime());
      return {
        waits: active.size === 0 && waiting.size > 0,
        wakeAt: times.length > 0 ? new Date(Math.min(...times)) : null,
        seq: position,
      };
    },
  };
}
