import { FatalError } from "@/flow/execution/errors";
import type { Hint } from "@/flow/execution/events";
import type { WebhookResponse } from "@/flow/node/context";
import type { ClaimedExecution, RunExecution, RunResult, StartedExecution } from "../engine";
import { Commits } from "./commits";
import { isDatabaseAway } from "./connection";
import { Deadline } from "./deadline";
import { type Ending, endingOf, faultOf, leaveError } from "./endings";
import { HostCalls } from "./host-calls";
import { errorOf, type HeadBase, runningAt } from "./live";
import type { EndVerdict, Entry, EntryOwner, EntryResult, PayloadRow, StartRow, StepRow } from "./rows";
import type { LeaveReason, RunClaim, RunEnvironment } from "./run-environment";
import { RunHost } from "./run-host";
import { tellStarter } from "./starter";
import { Visits } from "./visits";

/** An execution that takes its process down whenever it runs would do so forever. */
const MOST_RECOVERIES = 50;

/** One execution that this process runs: its lifetime, its part of the journal, and leaving in every way there is. */
export class ActiveRun implements EntryOwner {
  readonly executionId: string;
  readonly organizationId: string;
  readonly visits = new Visits();
  readonly abort = new AbortController();
  left: LeaveReason | null = null;
  response: WebhookResponse | null = null;
  /** Recorded, if it began before its start was. */
  admitted = true;
  /** The interpreter is done; what remains is to make it durable. */
  interpreted = false;
  /** When it asked to be woken, once it is parked. */
  wakeAt: Date | null = null;
  private seq = 0;
  /** The journal of those that ran it before has been read. */
  private loaded: boolean;
  private waited = false;
  private fault: string | null = null;
  private recordCutOff: (() => void) | null = null;
  private again: Date | null = null;
  private readonly host: RunHost;
  private readonly claimedPerf = performance.now();
  private readonly calls = new HostCalls();
  private readonly commits = new Commits();
  private lastEntry: Entry | null = null;
  private onAdmitted: (() => void) | null = null;
  private readonly deadline: Deadline;
  private started: ((result: EntryResult) => void) | null = null;

  constructor(
    readonly execution: ClaimedExecution,
    readonly claim: RunClaim,
    readonly head: HeadBase,
    readonly environment: RunEnvironment,
  ) {
    this.executionId = execution.id;
    this.organizationId = execution.organizationId;
    this.loaded = claim.fresh;
    this.host = new RunHost(this);
    this.deadline = new Deadline(
      () => this.now(),
      () => this.leave("timed_out"),
    );
  }

  /** Milliseconds now, by this machine's or the database's clock, whichever is ahead: what it woke for is due. */
  now(): number {
    const here = Date.now();
    return this.claim.at === null ? here : Math.max(here, this.claim.at + (performance.now() - this.claimedPerf));
  }

  /** Begins before the start is recorded; resolves once it is. */
  begin(row: StartRow, payload: PayloadRow | null, run: RunExecution): Promise<StartedExecution> {
    this.admitted = false;
    return new Promise((resolve, reject) => {
      this.started = (result) => tellStarter(this.executionId, result, resolve, reject);
      const entry = this.entry();
      entry.start = row;
      if (payload) entry.payloads.push(payload);
      this.environment.journal.hurry();
      // One that may turn out to be a duplicate must leave no trace, not even a log line; nor does one that its gate stops.
      if (row.execution.event.dedupeKey === null && this.claim.gate === null) void this.drive(run);
      else this.onAdmitted = () => void this.drive(run);
    });
  }

  async drive(run: RunExecution): Promise<void> {
    let result: RunResult;
    try {
      if (this.claim.cancelRequested) this.leave("cancelled");
      if (this.claim.deadline !== null) this.deadline.watch(this.claim.deadline);
      if (this.claim.inputPayloadId !== null) {
        const id = this.claim.inputPayloadId;
        this.execution.items = await this.host.working(() => this.environment.store.loadItems(id));
      }
      if (!this.claim.fresh) {
        const load = () => this.environment.store.loadSteps(this.executionId);
        this.seq = this.visits.restore(await this.host.working(load));
        this.loaded = true;
      }
      if (this.claim.at !== null) this.environment.live.durable(this.head, [], runningAt(this.seq));
      if (this.left) return this.depart();
      if (this.claim.claimNo - this.claim.wakeSeq > MOST_RECOVERIES) {
        throw new FatalError(`The execution was begun ${this.claim.claimNo} times, and each time its process ended before it got on`);
      }
      result = await this.until(run(this.execution, this.host, this.abort.signal));
      // A step failed while others run beside it: what they do is recorded before the execution ends.
      if (result.status === "failed") await this.until(this.host.quiesce());
    } catch (thrown) {
      if (!this.left) this.failed(thrown);
      return this.depart();
    }
    this.interpreted = true;
    this.deadline.stop();
    this.host.close();
    if (result.status === "succeeded") this.end({ status: "succeeded", lastKey: result.lastKey });
    else this.end({ status: "failed", error: result.error });
  }

  /** The run itself broke: a fault of ours, or the database away while the flow was loaded. */
  private failed(thrown: unknown): void {
    const details = { err: thrown, executionId: this.executionId };
    if (isDatabaseAway(thrown)) {
      this.environment.logger.warn(details, "an execution could not reach the database and is tried again");
      this.again = new Date(Date.now() + 1000);
      this.leave("suspended");
    } else {
      this.environment.logger.error(details, "an execution broke");
      this.fault = faultOf(thrown);
      this.leave("fault");
    }
  }

  /** Resolves or rejects with `work`, unless the run is left before. */
  until<T>(work: Promise<T>): Promise<T> {
    // Whatever becomes of it once the run was left concerns nobody.
    work.catch(() => {});
    return this.interruptible((resolve, reject) => void work.then(resolve, reject));
  }

  interruptible<T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    return this.calls.begin(begin, this.left && leaveError(this.left));
  }

  /** Ends every host call at once; what they were doing is not journaled any more. */
  leave(reason: LeaveReason): void {
    if (this.left || this.interpreted) return;
    this.left = reason;
    this.deadline.stop();
    const error = leaveError(reason);
    if (reason === "cancelled" || reason === "timed_out") this.recordCutOff = this.host.cutOff();
    this.host.close();
    if (reason !== "suspended") this.abort.abort(error);
    if (reason === "lost") this.environment.journal.forget(this);
    this.calls.end(error);
    this.commits.release();
  }

  /** Attempts under way, once the execution is recorded. */
  atWork(): Hint[] {
    return this.admitted ? this.host.atWork() : [];
  }

  /** Runs on to the end of the steps under way, then goes back to the queue. */
  release(): void {
    this.host.release();
  }

  /** Its wait may be over. */
  signalled(): void {
    this.host.recheck();
  }

  private depart(): void {
    if (!this.loaded && (this.left === "fault" || this.left === "timed_out")) {
      // Its journal cannot be read; where it ends is all that is needed to end the execution after it.
      const found = this.environment.store.lastSeq(this.executionId);
      found.then(
        (seq) => {
          this.seq = seq;
          this.loaded = true;
          this.depart();
        },
        () => this.environment.giveBack(this),
      );
    } else if (!this.loaded && this.left !== "lost") this.environment.giveBack(this);
    else if (this.left === null || this.left === "lost") this.environment.finished(this, null, null, null);
    else {
      this.recordCutOff?.();
      this.end(endingOf(this.left, { fault: this.fault, wakeAt: () => this.again ?? this.host.earliestWake() }));
    }
  }

  private end(given: Ending): void {
    this.wakeAt = given.wakeAt ?? null;
    const entry = this.entry();
    entry.end = {
      status: given.status,
      claimNo: this.claim.claimNo,
      seq: this.seq,
      error: given.error ? JSON.stringify(given.error) : null,
      lastKey: given.lastKey ?? null,
      wakeAt: given.wakeAt ?? null,
      wakeSeq: this.claim.wakeSeq,
      finishedAt: new Date(),
      waited: this.waited || !this.claim.fresh,
    };
    this.environment.ending(this);
    this.environment.journal.hurry();
  }

  nextSeq(): number {
    return ++this.seq;
  }

  registeredWait(): void {
    this.waited = true;
  }

  /** Adds a record to the journal. What somebody waits for, or must not happen twice, goes out at once. */
  record(row: StepRow, payload: PayloadRow | null, urgent: boolean): void {
    const entry = this.entry();
    entry.steps.push(row);
    if (payload) entry.payloads.push(payload);
    if (urgent) this.environment.journal.hurry();
    else this.environment.journal.gather();
  }

  private entry(): Entry {
    const entry = this.environment.journal.entry(this);
    if (entry !== this.lastEntry) {
      this.lastEntry = entry;
      this.commits.opened();
    }
    return entry;
  }

  /**
   * The output commit: resolves once everything that the run has done is durable and this worker has just been confirmed as
   * its owner; undefined when that is so already.
   * @param rested time has passed since the run last heard of the database
   */
  barrier(rested = false): Promise<void> | undefined {
    const { journal } = this.environment;
    if (rested || this.isStale()) this.entry();
    if (this.commits.areAllSettled) return undefined;
    journal.hurry();
    return this.until(this.commits.allSettled());
  }

  /** A process that stood still may have lost everything meanwhile, without knowing: also between a question and its answer. */
  isStale(): boolean {
    const { journal, settings } = this.environment;
    return performance.now() - journal.confirmedAt > Math.min(settings.leaseMs, settings.quietMs) / 2;
  }

  settled(entry: Entry, result: EntryResult): void {
    this.commits.settled();
    if (result.kind === "refused") {
      if (entry.start) this.startSettled(entry, result);
      else this.unstorable(entry, result.error);
      return;
    }
    if (entry.start) this.startSettled(entry, result);
    if (result.kind === "lost") {
      if (entry.end) this.environment.finished(this, null, null, null);
      else this.leave("lost");
      return;
    }
    if (this.admitted) this.durable(entry, result.end);
    this.commits.pass();
  }

  private durable(entry: Entry, verdict: EndVerdict | null): void {
    const before = this.response;
    this.response ??= entry.steps.find((step) => step.response)?.response ?? null;
    if (!before && this.response) this.environment.answered(this);
    const error = errorOf(entry, verdict);
    this.environment.live.entry(this.head, entry, verdict, error);
    if (entry.end) this.environment.finished(this, verdict, error, entry.end.lastKey);
  }

  private startSettled(entry: Entry, result: EntryResult): void {
    this.started?.(result);
    this.started = null;
    if (result.kind === "durable" && result.start?.kind === "admitted") {
      this.admitted = true;
      this.onAdmitted?.();
      this.onAdmitted = null;
      return;
    }
    // Nothing but pure steps has happened; the row, if there is one, is the queue's.
    this.interpreted = false;
    this.leave("lost");
    this.environment.finished(this, null, null, null);
    entry.end = null;
  }

  /** The database will not take what it gave: it fails, with the journal as far as it got. */
  private unstorable(entry: Entry, error: unknown): void {
    if (entry.end?.status === "failed" && entry.steps.length === 0) {
      this.interpreted = false;
      this.leave("lost");
      this.environment.finished(this, null, null, null);
      return;
    }
    this.environment.journal.forget(this);
    this.seq = (entry.steps[0]?.seq ?? this.seq + 1) - 1;
    const reason = error instanceof Error ? error.message : String(error);
    this.fault = `A result could not be stored: ${reason}`;
    if (this.left || this.interpreted) this.end(endingOf("fault", { fault: this.fault }));
    else this.leave("fault");
  }
}
