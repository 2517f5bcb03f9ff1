import { isRetriable, toStepError } from "@/flow/execution/errors";
import type { Hint } from "@/flow/execution/events";
import {
  type Attempt,
  FLOWS_ENDED,
  flowsCorrelation,
  flowsWaitKey,
  type Host,
  StepFailedError,
  type StepKey,
  type StepOutput,
  type StepRef,
  type StepSummary,
} from "@/flow/interpreter/host";
import { delayAfter } from "@/flow/interpreter/retry";
import type { Json, Outputs } from "@/flow/item";
import type { ActiveRun } from "./active-run";
import { Attempts } from "./attempts";
import { Parking } from "./parking";
import { recordStep, serialised } from "./record-step";
import type { WaitAnswer, WaitRequest } from "./store";

/** The interpreter's port for one run: memoised steps, retries, waits. */
export class RunHost implements Host {
  readonly outputsInMemory = true;
  private busy = 0;
  private readonly parking: Parking;
  private considering = false;
  private releasing = false;
  private closed = false;
  private attempts = 0;
  private readonly begun = new Attempts();
  private quiet: (() => void) | null = null;

  constructor(private readonly active: ActiveRun) {
    this.parking = new Parking(active, () => this.consider());
  }

  outputs(key: StepKey): Outputs {
    return this.active.visits.output(key).outputs;
  }

  async run(step: StepRef, fn: (attempt: Attempt) => Promise<StepOutput> | StepOutput): Promise<StepSummary> {
    const visit = this.active.visits.of(step.key);
    if (visit.summary) return visit.summary;
    if (visit.failure) throw new StepFailedError(step.key, visit.failure);
    for (;;) {
      const rested = visit.retryAt !== null;
      if (visit.retryAt !== null) await this.sleepUntil(visit.retryAt);
      visit.retryAt = null;
      const number = visit.failedAttempts + 1;
      const last = number >= step.retry.maxAttempts;
      this.busy++;
      try {
        for (let ready = this.mayStart(step, rested); ready; ) {
          await ready;
          // Asked last, at the instant in which a write begins: the process may stand still wherever it waits.
          ready = step.effect === "write" && this.active.isStale() ? this.active.barrier() : undefined;
        }
        const startedAt = new Date();
        if (this.active.admitted) this.active.environment.live.attempt(this.active.head, step, number, startedAt);
        let failure: { thrown: unknown } | null = null;
        let output: StepOutput | null = null;
        this.attempts++;
        try {
          const given = fn({ number, last, signal: this.active.abort.signal });
          output = given instanceof Promise ? await this.begun.during({ step, number, startedAt }, this.active.until(given)) : given;
          // It is no result: the same attempt runs again once the executions that it started have ended.
          if (output.suspend?.kind === "flows") return { counts: [], suspend: output.suspend };
          if (!this.closed) this.succeeded(step, number, startedAt, output);
        } catch (thrown) {
          failure = { thrown };
        } finally {
          this.attempts--;
          if (this.attempts === 0) this.quiet?.();
        }
        if (this.closed) await this.never();
        if (!failure) return visit.summary!;
        this.attemptFailed(step, number, last, startedAt, failure.thrown);
      } finally {
        this.busy--;
        this.consider();
      }
    }
  }

  /** Attempts under way, for whoever looks at the run meanwhile. */
  atWork(): Hint[] {
    return this.begun.hints();
  }

  /** Notes attempts whose end nobody will see. @returns records them, once the run is left */
  cutOff(): () => void {
    const records = this.begun.asCutOff();
    return () => {
      for (const [step, record] of records) recordStep(this.active, step, record);
    };
  }

  /** What must be so before an attempt starts; undefined when it is. */
  private mayStart(step: StepRef, rested: boolean): Promise<unknown> | undefined {
    if (this.closed || this.releasing || this.quiet) return this.heldBack();
    if (step.effect === "write" || (step.effect === "read" && !this.active.admitted)) return this.active.barrier(rested);
    return undefined;
  }

  /** No step starts any more: the run is about to be left. */
  private async heldBack(): Promise<never> {
    this.busy--;
    try {
      return await this.never();
    } finally {
      this.busy++;
    }
  }

  private never(): Promise<never> {
    this.consider();
    return this.active.interruptible<never>(() => {});
  }

  private succeeded(step: StepRef, number: number, startedAt: Date, output: StepOutput): void {
    const visit = this.active.visits.of(step.key);
    const counts = output.outputs.map((items) => items.length);
    const text = serialised(output, this.active.environment.settings.maxOutputBytes);
    recordStep(this.active, step, {
      attempt: number,
      status: output.suspend ? "waiting" : "succeeded",
      counts,
      text,
      error: output.error ?? null,
      wakeAt: output.suspend?.until === undefined ? null : new Date(output.suspend.until),
      startedAt,
      finishedAt: output.suspend ? null : new Date(),
      response: output.response ?? null,
    });
    visit.attempt = number;
    visit.output = output;
    visit.size = text.length;
    visit.summary = { counts, ...(output.suspend && { suspend: output.suspend }), ...(output.error && { error: output.error }) };
  }

  /** @throws StepFailedError when no attempt follows */
  private attemptFailed(step: StepRef, number: number, last: boolean, startedAt: Date, thrown: unknown): void {
    const visit = this.active.visits.of(step.key);
    const error = toStepError(thrown);
    const again = !last && isRetriable(error);
    const now = Date.now();
    const delay = delayAfter(thrown, step.retry, number);
    visit.failedAttempts = number;
    visit.retryAt = again ? now + delay : null;
    visit.failure = again ? null : error;
    recordStep(this.active, step, {
      attempt: number,
      status: "failed",
      counts: null,
      text: null,
      error,
      wakeAt: again ? new Date(now + delay) : null,
      startedAt,
      finishedAt: new Date(now),
      response: null,
    });
    if (!again) throw new StepFailedError(step.key, error);
  }

  async sleep(step: StepRef, until: Date): Promise<void> {
    const visit = this.active.visits.of(step.key);
    if (visit.waited) return;
    await this.sleepUntil(until.getTime());
    this.waitEnded(step, null);
  }

  async waitForEvent(step: StepRef, options: { event: string; correlation: string; until?: Date }): Promise<Json | null> {
    const visit = this.active.visits.of(step.key);
    if (visit.waited) return visit.payload;
    const until = options.until ?? null;
    const { event, correlation } = options;
    for (;;) {
      const expire = until !== null && this.active.now() >= until.getTime();
      const answer = await this.registerWait({ key: step.key, event, correlation, until, expire });
      if (answer.payload !== null) return this.waitEnded(step, JSON.parse(answer.payload) as Json);
      await this.parking.park(until?.getTime() ?? null, false);
    }
  }

  async waitForFlows(step: StepRef, wait: { attempt: number; started: number }): Promise<void> {
    const key = flowsWaitKey(step.key, wait);
    const request = { key, event: FLOWS_ENDED, correlation: flowsCorrelation(this.active.executionId, key), until: null, expire: false };
    for (;;) {
      const answer = await this.registerWait(request);
      if (answer.payload !== null) return;
      await this.parking.park(null, false);
    }
  }

  private async registerWait(request: WaitRequest): Promise<WaitAnswer> {
    const answer = await this.working(async () => {
      const durable = this.active.barrier();
      if (durable) await durable;
      this.active.registeredWait();
      return this.active.environment.wait(this.active, request);
    });
    if (answer.held) return answer;
    this.active.leave("lost");
    return this.never();
  }

  private waitEnded(step: StepRef, payload: Json): Json {
    const visit = this.active.visits.of(step.key);
    visit.waited = true;
    visit.payload = payload;
    const now = new Date();
    recordStep(this.active, step, {
      attempt: visit.attempt || 1,
      status: "succeeded",
      counts: visit.output === null ? null : this.active.visits.finalCounts(step.key),
      text: JSON.stringify({ payload }),
      error: null,
      wakeAt: null,
      startedAt: now,
      finishedAt: now,
      response: null,
    });
    return payload;
  }

  /** Work of the engine itself, during which the run stays in memory. */
  async working<T>(work: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await this.active.until(work());
    } finally {
      this.busy--;
      this.consider();
    }
  }

  private async sleepUntil(at: number): Promise<void> {
    for (let left = at - this.active.now(); left > 0; left = at - this.active.now()) {
      await this.parking.park(at, left <= this.active.environment.settings.inMemoryWaitMs);
    }
  }

  /** Leaves once nothing runs and everything waits, a turn later: what follows from the last step has started by then. */
  private consider(): void {
    if (this.considering || this.closed || this.quiet || this.busy > 0) return;
    if (!this.releasing && this.parking.isEmpty) return;
    this.considering = true;
    setImmediate(() => {
      this.considering = false;
      if (this.closed || this.quiet || this.busy > 0) return;
      if (this.parking.allLong) this.active.leave("suspended");
      else if (this.releasing) this.active.leave("released");
    });
  }

  release(): void {
    this.releasing = true;
    this.consider();
  }

  /** No attempt begins any more; resolves once those under way have ended and are recorded. */
  quiesce(): Promise<void> {
    return new Promise((resolve) => {
      this.quiet = resolve;
      if (this.attempts === 0) resolve();
    });
  }

  /** Waits for events look again. */
  recheck(): void {
    this.parking.recheck();
  }

  earliestWake(): Date | null {
    return this.parking.earliestWake();
  }

  /** The run is left or over: no timers, no further attempts. */
  close(): void {
    this.closed = true;
    this.parking.close();
  }
}
