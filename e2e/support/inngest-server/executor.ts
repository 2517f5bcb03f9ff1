import { compileCondition } from "./expressions";
import { callFunction, errorOf, header, isResult, resultOf } from "./function-call";
import { type InngestEvent, type Op, RESULT_OPS, type SerializedError, type StepValue, sha1, toSerializedError, ulid } from "./protocol";
import { CallQueue, type QueueItem } from "./queue";
import { Registry, type ServedFunction } from "./registry";
import { type EventWait, type Parent, Run, sizeOf } from "./run";
import type { SdkResponse } from "./sdk-request";
import { delayOf, retryAfterOf } from "./time";

export interface ExecutorOptions {
  /** Milliseconds before a retry that asked for no time of its own. */
  backoffMs: number;
  /** Latency before each call, as a real server's queue has: at 0 duplicate step executions stay hidden. */
  tickMs: number;
  checkpointing: boolean;
  /** How long a refused connection is taken for an app that restarts, and costs no attempt. */
  unreachableMs: number;
  signingKey?: string;
}

/** What a real server allows a run: steps, bytes of what one step gives, bytes of all that its steps gave. */
const MAX_STEPS = 1000;
const MAX_OUTPUT_BYTES = 4 * 1_048_576;
const MAX_STATE_BYTES = 32 * 1_048_576;

const overflow = (name: string, message: string): SerializedError => ({ name, message });
const tooManySteps = () => overflow("InngestErrFunctionOverflowed", `The function run exceeded the step limit of ${MAX_STEPS} steps.`);

/** An answer of the app to lose, as if the connection broke while it was on its way. */
export interface Drop {
  fn?: string;
  /** Id of a step, as the function gives it: an answer that brings its result. */
  step?: string;
  count: number;
}

/** Runs functions: calls the app, follows the operations that it answers with, retries, waits and cancels. */
export class Executor {
  readonly runs = new Map<string, Run>();
  readonly drops: Drop[] = [];
  readonly queue: CallQueue;
  private readonly keysSeen = new Set<string>();
  private nextOrder = 0;

  constructor(
    private readonly registry: Registry,
    private readonly options: ExecutorOptions,
    /** Where the server's own events (function finished, failed, cancelled) go. */
    private readonly emit: (event: { name: string; data: Record<string, unknown> }) => void,
  ) {
    this.queue = new CallQueue(options.tickMs, (item) => this.call(item).catch((error: Error) => this.fail(item.run, error, false)));
  }

  /** Lets an event end waits and cancel runs. */
  deliver(event: InngestEvent): void {
    for (const run of [...this.runs.values()].filter((one) => one.running)) {
      const scope = { event: run.event, async: event };
      for (const wait of [...run.waits]) {
        if (wait.event !== event.name || !wait.matches(scope)) continue;
        run.waits.delete(wait);
        run.clear(wait.timer);
        this.resume(run, wait.stepId, event, wait.race);
      }
      if (event === run.event) continue;
      if (run.served.cancelOn.some((cancel) => cancel.event === event.name && cancel.matches(scope))) this.cancel(run);
    }
  }

  /** Starts a run, unless the function's idempotency or singleton forbids it. */
  start(served: ServedFunction, event: InngestEvent, eventId: string, parent?: Parent): Run | null {
    if (served.idempotency && !parent) {
      const key = `${served.id}|${served.idempotency({ event })}`;
      if (this.keysSeen.has(key)) return null;
      this.keysSeen.add(key);
    }
    if (served.singleton) {
      const { mode, key } = served.singleton;
      const mine = key({ event });
      const other = [...this.runs.values()].find((run) => run.running && run.served.id === served.id && key({ event: run.event }) === mine);
      if (other && mode === "skip") return null;
      if (other) this.cancel(other);
    }
    const run = new Run(this.nextOrder++, served, event, eventId, parent);
    this.runs.set(run.id, run);
    this.discover(run);
    return run;
  }

  cancel(run: Run): void {
    this.finish(run, "Cancelled", {});
  }

  /** Drops all runs without a word to anybody. */
  forget(): void {
    for (const run of this.runs.values()) {
      if (run.running) run.end("Cancelled", {});
      this.queue.forget(run);
    }
    this.runs.clear();
  }

  private discover(run: Run): void {
    this.queue.add(run, "step", false);
  }

  private async call(item: QueueItem): Promise<void> {
    const { run } = item;
    if (run.stack.length >= MAX_STEPS) return this.fail(run, tooManySteps(), true);
    const record = { stepId: item.stepId, attempt: item.attempt, at: Date.now() } as Run["calls"][number];
    run.calls.push(record);
    item.inFlight = true;
    let result = await callFunction(item, this.options);
    item.inFlight = false;
    record.ms = Date.now() - record.at;
    record.status = "failed" in result ? (result.failed.code ?? result.failed.message) : result.status;
    if (!run.running) return;
    if (!("failed" in result) && this.takeDrop(item, result)) {
      record.dropped = true;
      result = { failed: { message: "the answer was lost", code: "DROPPED" } };
    }
    if ("failed" in result) {
      this.onUnreached(item, result.failed, record.at);
    } else {
      item.unreachableSince = undefined;
      this.onAnswer(item, result);
    }
  }

  private onUnreached(item: QueueItem, failed: { message: string; code?: string }, at: number): void {
    item.unreachableSince ??= at;
    // Nothing listens: the app restarts. A call that was cut short may have done something, and uses up an attempt.
    const refused = failed.code === "ECONNREFUSED" || failed.code === "ENOTFOUND";
    if (refused && at - item.unreachableSince < this.options.unreachableMs) {
      this.queue.again(item, Math.max(this.options.backoffMs, 200));
    } else {
      this.retry(item, { name: "Error", message: `Unable to reach the app: ${failed.message}` });
    }
  }

  private onAnswer(item: QueueItem, answer: SdkResponse): void {
    const retryAfter = retryAfterOf(header(answer, "retry-after"));
    if (!header(answer, "x-inngest-sdk") || answer.json === undefined) {
      const message = `Not an answer of the SDK: ${answer.status} ${answer.text.slice(0, 200)}`;
      this.retry(item, { name: "Error", message }, retryAfter);
    } else if (answer.status === 206) {
      item.run.version = Number(header(answer, "x-inngest-req-version")) || 1;
      this.onOps(item, (Array.isArray(answer.json) ? answer.json : [answer.json]) as Op[], retryAfter);
    } else if (answer.status === 200) {
      this.finish(item.run, "Completed", { output: answer.json });
    } else {
      const error = errorOf(answer);
      if (header(answer, "x-inngest-no-retry") === "true") this.fail(item.run, error, true);
      else this.retry(item, error, retryAfter);
    }
  }

  private retry(item: QueueItem, error: SerializedError, delayMs = this.options.backoffMs): void {
    const { run } = item;
    item.attempt++;
    if (item.attempt < run.served.maxAttempts) {
      this.queue.again(item, delayMs);
    } else if (item.stepId === "step") {
      this.fail(run, error, false);
    } else {
      // A planned step that never answered fails as a step: the function may catch it.
      run.save(item.stepId, { error });
      this.proceed(run, item.race);
    }
  }

  private onOps(item: QueueItem, ops: Op[], retryAfter: number | undefined): void {
    const { run } = item;
    if (this.overflows(run, ops)) return;
    if (ops.length > 1) run.planOnly = true;
    else if (item.stepId === "step") run.planOnly = false;
    for (const op of ops) {
      run.note(op, item.attempt);
      if (!RESULT_OPS.has(op.op) && op.op !== "DiscoveryRequest" && !(op.id in run.steps)) run.pending.add(op.id);
    }
    let brought = false;
    for (const op of ops) if (isResult(op)) brought = run.save(op.id, resultOf(op)) || brought;
    const ending = ops.find((op) => op.op === "RunComplete" || op.op === "StepError" || (op.op === "StepFailed" && !isResult(op)));
    if (ending?.op === "RunComplete") this.finish(run, "Completed", { output: ending.data });
    else if (ending?.op === "StepError") this.retry(item, toSerializedError(ending.error), retryAfter);
    else if (ending) this.fail(run, toSerializedError(ending.error), true);
    if (ending) return;
    const plans = ops.filter((op) => !RESULT_OPS.has(op.op) && op.op !== "DiscoveryRequest");
    for (const op of plans) {
      if (run.planned.has(op.id) || !run.running) continue;
      run.planned.add(op.id);
      this.plan(run, op);
    }
    if (plans.length === 0 && (brought || ops.some((op) => op.op === "DiscoveryRequest"))) this.proceed(run, item.race);
  }

  /** Memoises what the SDK ran inline and reported on the way. */
  checkpoint(item: QueueItem, ops: Op[]): void {
    if (this.overflows(item.run, ops)) return;
    for (const op of ops) {
      item.run.note(op, item.attempt);
      if (op.op === "StepRun" || op.op === "Step" || op.op === "StepFailed") item.run.save(op.id, resultOf(op));
    }
  }

  /** Ends a run that holds more than it may. */
  private overflows(run: Run, ops: Op[]): boolean {
    const sizes = ops.filter(isResult).map((op) => sizeOf(resultOf(op)));
    const error = sizes.some((size) => size > MAX_OUTPUT_BYTES)
      ? overflow("InngestErrStepOutputTooLarge", "The step's output is too large.")
      : run.size + sizes.reduce((sum, size) => sum + size, 0) > MAX_STATE_BYTES
        ? overflow("InngestErrStateOverflowed", `The function run exceeded the state size limit of ${MAX_STATE_BYTES} bytes.`)
        : ops.length > MAX_STEPS || run.stack.length + sizes.length > MAX_STEPS
          ? tooManySteps()
          : null;
    if (error) this.fail(run, error, true);
    return error !== null;
  }

  private plan(run: Run, op: Op): void {
    const race = op.opts?.parallelMode === "race";
    switch (op.op) {
      case "StepPlanned":
        this.queue.add(run, op.id, race);
        break;
      case "Sleep":
        run.after(delayOf(op.opts?.duration ?? op.name ?? ""), () => {
          // Only after a sleep may a real server still demand plans.
          if (run.save(op.id, null)) this.proceed(run, race, true);
        });
        break;
      case "WaitForEvent":
        this.wait(run, op, race);
        break;
      case "InvokeFunction":
        this.invoke(run, op, race);
        break;
      default:
        this.fail(run, new Error(`The stand-in does not know the operation ${op.op}`), false);
    }
  }

  private wait(run: Run, op: Op, race: boolean): void {
    const matches = op.opts?.if ? compileCondition(op.opts.if) : () => true;
    const wait: EventWait = { stepId: op.id, event: op.opts?.event ?? op.name ?? "", matches, race };
    run.waits.add(wait);
    wait.timer = run.after(delayOf(op.opts?.timeout ?? ""), () => {
      run.waits.delete(wait);
      this.resume(run, op.id, null, race);
    });
  }

  private invoke(run: Run, op: Op, race: boolean): void {
    const target = this.registry.find(op.opts?.function_id ?? "");
    if (target) {
      const id = ulid();
      const { data, user } = op.opts?.payload ?? {};
      const event = { name: "inngest/function.invoked", id, ts: Date.now(), user: user ?? {}, data: { ...data } };
      this.start(target, event, id, { run, stepId: op.id, race });
    } else {
      const error = { name: "Error", message: `could not find function with ID: ${op.opts?.function_id}` };
      this.resume(run, op.id, { error }, race);
    }
  }

  private resume(run: Run, stepId: string, value: StepValue, race: boolean): void {
    if (run.save(stepId, value)) this.proceed(run, race);
  }

  /** By default nothing goes on before all planned steps have a result (the barrier); a racing step's result leads on at once. */
  private proceed(run: Run, race: boolean, keepPlanOnly = false): void {
    if (run.pending.size > 0 && !race) return;
    if (!keepPlanOnly) run.planOnly = false;
    this.discover(run);
  }

  private fail(run: Run, error: { name: string; message: string }, noRetry: boolean): void {
    this.finish(run, "Failed", { error: toSerializedError(error), noRetry });
  }

  private finish(
    run: Run,
    status: "Completed" | "Failed" | "Cancelled",
    result: { output?: unknown; error?: SerializedError; noRetry?: boolean },
  ) {
    if (!run.running) return;
    run.end(status, result);
    this.queue.forget(run);
    if (run.parent?.run.running) {
      const { run: parent, stepId, race } = run.parent;
      const error = run.error ?? { name: "Error", message: "function cancelled" };
      this.resume(parent, stepId, status === "Completed" ? { data: run.output ?? null } : { error }, race);
    }
    // Handlers of these events have no events of their own.
    if (run.served.triggers.some((trigger) => trigger.event?.startsWith("inngest/function."))) return;
    const data = { event: run.event, events: [run.event], function_id: run.served.id, run_id: run.id };
    if (status === "Completed") this.emit({ name: "inngest/function.finished", data: { ...data, result: run.output } });
    else if (status === "Cancelled") this.emit({ name: "inngest/function.cancelled", data });
    else {
      const error = { error: result.noRetry ? "NonRetriableError" : run.error?.name, ...run.error };
      this.emit({ name: "inngest/function.failed", data: { ...data, error } });
      this.emit({ name: "inngest/function.finished", data: { ...data, error } });
    }
  }

  private takeDrop(item: QueueItem, answer: SdkResponse): boolean {
    const ops = Array.isArray(answer.json) ? (answer.json as Op[]) : [];
    const drop = this.drops.find(({ fn, step }) => {
      if (fn !== undefined && !Registry.named(item.run.served, fn)) return false;
      return step === undefined || item.stepId === sha1(step) || ops.some((op) => op.id === sha1(step) && RESULT_OPS.has(op.op));
    });
    if (!drop) return false;
    drop.count--;
    if (drop.count <= 0) this.drops.splice(this.drops.indexOf(drop), 1);
    return true;
  }
}
