import { availableParallelism } from "node:os";
import { CancelledError } from "@/flow/execution/errors";
import { type GuestProcess, startProcess } from "./start-process";

export interface PoolOptions {
  /** Processes at most; they are started when a job finds none idle. Default: one per core, at most four. */
  size?: number;
  /** Bytes of memory that a job may use. */
  memoryBytes?: number;
  /** Milliseconds after which an idle process is ended. */
  idleMs?: number;
  /** Jobs after which a process is replaced. */
  maxJobsPerProcess?: number;
  /** Default: a process for JavaScript. */
  start?: (memoryBytes: number) => GuestProcess;
  /** It says before every job, not only before the first, that it is ready. */
  readyForEach?: boolean;
}

/** One job as it travels to a process; everything in it is text. */
export interface PoolJob {
  code: string;
  prelude: string;
  /** Of JavaScript; see `SandboxJob`. */
  libraries: readonly string[];
  /** JSON of the free variables. */
  globals: string;
  timeoutMs: number;
  maxOutputChars: number;
  /** Whether it may ask for something outside; only of JavaScript. */
  network: boolean;
}

/** Answers what a job asks for from outside; `signal` aborts when the job has ended. */
export type Requester = (signal: AbortSignal) => (request: unknown) => Promise<object>;

export interface GuestFailure {
  kind: "guest" | "time" | "memory" | "stuck" | "output" | "died";
  name?: string;
  message?: string;
  stack?: string;
  /** Of the author's code. */
  line?: number;
  size?: number;
}

export interface PoolAnswer {
  /** JSON. */
  value?: string;
  error?: GuestFailure;
  /** JSON. */
  logs?: string;
}

type Message = PoolAnswer & { ready?: boolean; worn?: boolean; cpuMs?: number; requests?: string };

interface Task {
  job: PoolJob;
  signal: AbortSignal | undefined;
  requester: Requester | undefined;
  /** Made when it first asks for something, which most never do. */
  outside: { request: ReturnType<Requester>; ended: AbortController } | null;
  resolve(answer: PoolAnswer): void;
  reject(error: unknown): void;
  onAbort?: () => void;
}

interface Worker {
  process: GuestProcess;
  ready: boolean;
  jobs: number;
  task: Task | null;
  killTimer?: NodeJS.Timeout;
  idleTimer?: NodeJS.Timeout;
  outOfTime: boolean;
  gone: boolean;
}

/** Beyond the guest's own deadline: how long the process may take to answer before it is killed. */
const GRACE_MS = 250;
/** How long a job that nobody waits for any more may go on: starting a process costs more than letting a short one end. */
const ABANDONED_MS = 50;
/** Well below the limit that the operating system sets, so that the longest job still fits. */
const REPLACE_AFTER_CPU_MS = 100_000;
const MAX_START_FAILURES = 3;

/** A pool of sandbox processes with a queue. A process that is in doubt is killed and replaced when the next job needs it. */
export class SandboxPool {
  private readonly workers = new Set<Worker>();
  private readonly queue: Task[] = [];
  private startFailures = 0;
  private closed = false;
  private readonly size: number;
  private readonly memoryBytes: number;
  private readonly idleMs: number;
  private readonly maxJobs: number;
  private readonly startGuest: (memoryBytes: number) => GuestProcess;
  private readonly readyForEach: boolean;

  constructor(options: PoolOptions = {}) {
    this.size = options.size ?? Math.max(1, Math.min(4, availableParallelism()));
    this.memoryBytes = options.memoryBytes ?? 128 * 1024 * 1024;
    this.idleMs = options.idleMs ?? 300_000;
    this.maxJobs = options.maxJobsPerProcess ?? 10_000;
    this.startGuest = options.start ?? startProcess;
    this.readyForEach = options.readyForEach ?? false;
  }

  run(job: PoolJob, signal?: AbortSignal, requester?: Requester): Promise<PoolAnswer> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error("The sandbox is closed"));
      if (signal?.aborted) return reject(abortReason(signal));
      const task: Task = { job, signal, requester, outside: null, resolve, reject };
      if (signal) {
        task.onAbort = () => this.abort(task);
        signal.addEventListener("abort", task.onAbort, { once: true });
      }
      this.queue.push(task);
      this.next();
    });
  }

  /** Process ids, for tests and diagnostics. */
  pids(): number[] {
    return [...this.workers].flatMap((worker) => (worker.process.child.pid === undefined ? [] : [worker.process.child.pid]));
  }

  /** Ends every process at once; jobs under way are rejected. Resolves when all are gone. */
  async close(): Promise<void> {
    this.closed = true;
    for (const task of this.queue.splice(0)) finish(task, () => task.reject(new Error("The sandbox is closed")));
    const gone = [...this.workers].map(
      (worker) =>
        new Promise<void>((resolve) => {
          const { child } = worker.process;
          if (child.exitCode !== null || child.signalCode !== null) return resolve();
          worker.process.hold(true);
          child.once("exit", () => resolve());
          child.kill("SIGKILL");
        }),
    );
    await Promise.all(gone);
  }

  private next(): void {
    while (this.queue.length > 0) {
      const idle = [...this.workers].find((worker) => worker.ready && worker.task === null);
      if (idle) {
        this.assign(idle, this.queue.shift() as Task);
        continue;
      }
      const starting = [...this.workers].filter((worker) => !worker.ready).length;
      if (this.workers.size < this.size && starting < this.queue.length) {
        this.start();
        continue;
      }
      // A job that waits for one of them to be ready must not wait in vain.
      for (const worker of this.workers) if (!worker.ready) worker.process.hold(true);
      return;
    }
  }

  private start(): void {
    let process: GuestProcess;
    try {
      process = this.startGuest(this.memoryBytes);
    } catch (error) {
      this.giveUp(error);
      return;
    }
    const worker: Worker = { process, ready: false, jobs: 0, task: null, outOfTime: false, gone: false };
    this.workers.add(worker);
    process.listen((message) => this.onMessage(worker, message as Message));
    process.child.on("error", () => this.onGone(worker));
    process.child.on("exit", () => this.onGone(worker));
  }

  private assign(worker: Worker, task: Task): void {
    clearTimeout(worker.idleTimer);
    worker.process.hold(true);
    worker.task = task;
    worker.jobs++;
    worker.killTimer = setTimeout(() => {
      worker.outOfTime = true;
      worker.process.child.kill("SIGKILL");
    }, task.job.timeoutMs + GRACE_MS);
    worker.process.send({ id: worker.jobs, ...task.job }, (error) => {
      if (error) worker.process.child.kill("SIGKILL");
    });
  }

  private onMessage(worker: Worker, message: Message): void {
    if (message.requests !== undefined) {
      this.forward(worker, message.requests);
      return;
    }
    if (message.ready) {
      worker.ready = true;
      this.startFailures = 0;
      this.rest(worker);
      return;
    }
    const task = worker.task;
    if (!task) return;
    clearTimeout(worker.killTimer);
    worker.task = null;
    worker.ready = !this.readyForEach;
    if (message.worn || worker.jobs >= this.maxJobs || (message.cpuMs ?? 0) > REPLACE_AFTER_CPU_MS) this.discard(worker);
    else this.rest(worker);
    finish(task, () => task.resolve({ value: message.value, error: message.error, logs: message.logs }));
    this.next();
  }

  /** Sends on what a job asks for. The text comes out of the sandbox: code may have put anything in its place. */
  private forward(worker: Worker, text: unknown): void {
    const { task, jobs } = worker;
    if (!task?.requester || task.signal?.aborted) return;
    task.outside ??= outsideOf(task.requester);
    for (const request of listIn(text)) {
      void task.outside.request(request).then((answer) => {
        if (worker.task !== task) return;
        worker.process.send({ id: jobs, answer: JSON.stringify(answer) }, (error) => {
          if (error) worker.process.child.kill("SIGKILL");
        });
      });
    }
  }

  /** An idle process does not keep this one alive, and ends after a while. */
  private rest(worker: Worker): void {
    this.next();
    if (worker.task !== null) return;
    worker.process.hold(false);
    worker.idleTimer = setTimeout(() => this.discard(worker), this.idleMs);
    worker.idleTimer.unref();
  }

  private discard(worker: Worker): void {
    clearTimeout(worker.idleTimer);
    this.workers.delete(worker);
    worker.process.child.kill("SIGKILL");
  }

  private onGone(worker: Worker): void {
    // A process that can't be started tells it twice.
    if (worker.gone) return;
    worker.gone = true;
    clearTimeout(worker.killTimer);
    clearTimeout(worker.idleTimer);
    this.workers.delete(worker);
    const task = worker.task;
    worker.task = null;
    if (task) finish(task, () => task.resolve({ error: { kind: worker.outOfTime ? "time" : "died" } }));
    else if (!worker.ready && !this.closed && ++this.startFailures >= MAX_START_FAILURES) this.giveUp();
    if (!this.closed) this.next();
  }

  /** Fails what waits for a process, since none comes up; the next job tries again. */
  private giveUp(cause?: unknown): void {
    this.startFailures = 0;
    const error = new Error("The code sandbox does not start on this machine. Run `tolstoy doctor` to see why.", { cause });
    for (const waiting of this.queue.splice(0)) finish(waiting, () => waiting.reject(error));
  }

  private abort(task: Task): void {
    const queued = this.queue.indexOf(task);
    if (queued >= 0) this.queue.splice(queued, 1);
    for (const worker of this.workers) {
      if (worker.task !== task) continue;
      clearTimeout(worker.killTimer);
      worker.killTimer = setTimeout(() => worker.process.child.kill("SIGKILL"), ABANDONED_MS);
    }
    finish(task, () => task.reject(abortReason(task.signal as AbortSignal)));
  }
}

const abortReason = (signal: AbortSignal): Error => (signal.reason instanceof Error ? signal.reason : new CancelledError());

function outsideOf(requester: Requester): NonNullable<Task["outside"]> {
  const ended = new AbortController();
  return { request: requester(ended.signal), ended };
}

function listIn(text: unknown): unknown[] {
  try {
    const parsed: unknown = JSON.parse(String(text));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function finish(task: Task, settle: () => void): void {
  task.outside?.ended.abort(new CancelledError());
  if (task.onAbort) task.signal?.removeEventListener("abort", task.onAbort);
  settle();
}
