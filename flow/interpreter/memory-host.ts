import { CancelledError, isCancelled, isRetriable, type StepError, toStepError } from "../execution/errors";
import type { StepStatus } from "../execution/status";
import type { Json, Outputs } from "../item";
import { type Host, StepFailedError, type StepKey, type StepOutput, type StepRef, type StepSummary } from "./host";
import { type InterpretInput, type InterpretResult, interpret } from "./interpret";
import { delayAfter } from "./retry";
import { outputsAfterWait } from "./suspension";

/** One visit as the memory host saw it. */
export interface MemoryStep {
  key: StepKey;
  nodeId: string;
  runIndex: number;
  /** See `StepRef`. */
  sources: StepRef["sources"];
  effect: StepRef["effect"];
  status: StepStatus;
  attempts: number;
  outputs: Outputs;
  error?: StepError;
  /** See `StepOutput.given`. */
  given?: StepOutput["given"];
}

export interface MemoryRun {
  status: "succeeded" | "failed" | "waiting" | "cancelled";
  error: { nodeId: string | null; nodeName: string | null; message: string } | null;
  lastKey: StepKey | null;
  /** In the order in which they started. */
  steps: MemoryStep[];
}

export interface MemoryHostOptions {
  signal?: AbortSignal;
  /** Resolves at an instant; waits for real by default. */
  sleepUntil?: (until: Date, signal: AbortSignal) => Promise<void>;
  /** Events that have come already, by correlation. */
  events?: ReadonlyMap<string, Json>;
  now?: () => number;
}

const LONGEST_TIMER = 2_147_483_647;

const sleepForReal = (until: Date, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(new CancelledError());
    };
    const tick = (): void => {
      const left = until.getTime() - Date.now();
      if (left <= 0) {
        signal.removeEventListener("abort", abort);
        resolve();
      } else timer = setTimeout(tick, Math.min(left, LONGEST_TIMER));
    };
    let timer: ReturnType<typeof setTimeout>;
    if (signal.aborted) return reject(new CancelledError());
    signal.addEventListener("abort", abort, { once: true });
    tick();
  });

/**
 * Runs an execution in memory: tests, the command line, dry runs. Nothing is durable. It ends as `waiting` once all that is
 * left to do waits for events.
 */
export function runOnMemoryHost(input: Omit<InterpretInput, "host">, options: MemoryHostOptions = {}): Promise<MemoryRun> {
  const { signal = new AbortController().signal, sleepUntil = sleepForReal, events, now = Date.now } = options;
  const steps = new Map<StepKey, MemoryStep>();
  /** What the functions gave, before waits. */
  const given = new Map<StepKey, StepOutput>();
  let busy = 0;
  let waiting = 0;
  let allWait: () => void = () => {};

  const settleLater = (): void => {
    // A macrotask: whatever follows from this step has started by then.
    setTimeout(() => {
      if (busy === 0 && waiting > 0) allWait();
    }, 0);
  };
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    busy++;
    try {
      return await work();
    } finally {
      busy--;
      settleLater();
    }
  };

  const attempts = async (step: StepRef, record: MemoryStep, fn: Parameters<Host["run"]>[1]): Promise<StepSummary> => {
    for (let number = 1; ; number++) {
      if (signal.aborted) throw new CancelledError();
      const last = number >= step.retry.maxAttempts;
      record.attempts = number;
      try {
        const output = await fn({ number, last, signal });
        given.set(step.key, output);
        record.outputs = output.outputs;
        record.status = output.suspend ? "waiting" : "succeeded";
        if (output.error) record.error = output.error;
        if (output.given) record.given = output.given;
        return { counts: output.outputs.map((items) => items.length), suspend: output.suspend, error: output.error };
      } catch (thrown) {
        const error = toStepError(thrown);
        if (signal.aborted || isCancelled(thrown)) {
          record.status = "cancelled";
          throw new CancelledError();
        }
        record.error = error;
        if (last || !isRetriable(error)) {
          record.status = "failed";
          throw new StepFailedError(step.key, error);
        }
        await sleepUntil(new Date(now() + delayAfter(thrown, step.retry, number)), signal);
        delete record.error;
      }
    }
  };

  const ended = (step: StepRef, payload: Json | null): void => {
    const record = steps.get(step.key)!;
    const { outputs, suspend } = given.get(step.key)!;
    record.status = "succeeded";
    record.outputs = outputsAfterWait(outputs, suspend!, payload);
  };

  const host: Host = {
    outputsInMemory: true,
    outputs: (key) => given.get(key)!.outputs,
    run: (step, fn) => {
      const record: MemoryStep = {
        key: step.key,
        nodeId: step.nodeId,
        runIndex: step.runIndex,
        sources: step.sources,
        effect: step.effect,
        status: "running",
        attempts: 0,
        outputs: [],
      };
      steps.set(step.key, record);
      return during(() => attempts(step, record, fn));
    },
    sleep: (step, until) =>
      during(async () => {
        await sleepUntil(until, signal);
        ended(step, null);
      }),
    // What could end in this process has ended; the rest waits for something from outside.
    waitForFlows: () => {
      waiting++;
      settleLater();
      return new Promise<never>(() => {});
    },
    waitForEvent: async (step, { correlation, until }) => {
      const payload = events?.get(correlation);
      if (payload !== undefined) {
        ended(step, payload);
        return payload;
      }
      waiting++;
      settleLater();
      if (!until) return new Promise<never>(() => {});
      await sleepUntil(until, signal);
      waiting--;
      ended(step, null);
      return null;
    },
  };

  return new Promise((resolve, reject) => {
    const finish = (status: MemoryRun["status"], result: Partial<MemoryRun> = {}) =>
      resolve({ status, error: null, lastKey: null, steps: [...steps.values()], ...result });
    allWait = () => finish("waiting");
    interpret({ ...input, host, now }).then(
      (result: InterpretResult) =>
        result.status === "succeeded" ? finish("succeeded", { lastKey: result.lastKey }) : finish("failed", { error: result.error }),
      (thrown: unknown) => (isCancelled(thrown) ? finish("cancelled") : reject(thrown)),
    );
  });
}
