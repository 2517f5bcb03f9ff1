import { isRetriable, type StepError, toStepError } from "../../execution/errors";
import type { Graph } from "../../graph/schema";
import type { Item, Json } from "../../item";
import type { NodeRegistry } from "../../node/registry";
import { type Attempt, type Host, StepFailedError, type StepKey, type StepOutput, type StepRef, type StepSummary } from "../host";
import { interpret } from "../interpret";
import { prepareGraph } from "../prepare";
import { retryDelay } from "../retry";
import { outputsAfterWait } from "../suspension";
import { SLEEPS_FROM } from "./random-graph";
import { testRegistry } from "./registry";
import { noServices } from "./run";

const LEASE_MS = 10_000;
const EXECUTION = "exec_test";

/** One row of the simulated journal. */
export interface Row {
  key: StepKey;
  kind: "output" | "failed" | "retry" | "waited";
  effect: StepRef["effect"];
  sources: StepRef["sources"];
  output?: StepOutput;
  error?: StepError;
  attempt: number;
  /** Of a failed attempt that is followed by another. */
  retryAt?: number;
  payload?: Json;
}

export interface SimulationResult {
  status: "succeeded" | "failed";
  lastKey: StepKey | null;
  journal: Row[];
  /** What was done outside, in order; `durable` says whether it was recorded as done at that moment. */
  writes: { key: StepKey; phase: "begin" | "end"; durable: boolean }[];
  crashes: number;
  freezes: number;
  claims: number;
}

interface Task {
  worker: Worker;
  /** Virtual milliseconds before which it does not happen. */
  at: number;
  go: () => void;
}

interface Worker {
  id: number;
  alive: boolean;
  /** Virtual instant until which it stands still. */
  frozenUntil: number;
}

class Lost extends Error {}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/**
 * One execution on several virtual workers over one virtual database, under a scheduler that is a function of its seed: who acts
 * next, which answer comes first, who dies or stands still past its lease and when. No clock, no process, no I/O: what it finds
 * is found again with the same seed.
 */
export class Simulation {
  private now = SLEEPS_FROM;
  private tasks: Task[] = [];
  private workers: Worker[] = [];
  private readonly random: () => number;
  private crashes = 0;
  private freezes = 0;
  private readonly writes: SimulationResult["writes"] = [];
  // The database.
  private readonly journal: Row[] = [];
  private status: "queued" | "running" | "waiting" | "succeeded" | "failed" = "queued";
  private owner: number | null = null;
  private claimNo = 0;
  private wakeAt: number | null = null;
  private confirmedAt = 0;
  private lastKey: StepKey | null = null;
  private readonly signals = new Map<string, Json>();

  constructor(
    private readonly graph: Graph,
    private readonly items: readonly Item[],
    seed: number,
    private readonly faults: boolean,
  ) {
    let state = seed;
    this.random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 4_294_967_296;
    };
  }

  async run(): Promise<SimulationResult> {
    for (let turn = 0; this.status !== "succeeded" && this.status !== "failed"; turn++) {
      if (turn > 20_000) throw new Error(`Nothing ends: ${this.status}, ${this.journal.length} rows, ${this.tasks.length} tasks`);
      while (this.workers.filter(({ alive }) => alive).length < 2) this.startWorker();
      // Whatever follows from the last turn has happened.
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.answerQuestions();
      if (this.faults) this.strike();
      this.reap();
      this.next();
    }
    for (const worker of this.workers) worker.alive = false;
    const { status, lastKey, journal, writes, crashes, freezes, claimNo } = this;
    return { status, lastKey, journal, writes, crashes, freezes, claims: claimNo };
  }

  private next(): void {
    const mayAct = (task: Task) => task.worker.alive && task.worker.frozenUntil <= this.now;
    let ready = this.tasks.filter((task) => mayAct(task) && task.at <= this.now);
    if (ready.length === 0) {
      const instants = [
        ...this.tasks.flatMap(({ at, worker }) => (worker.alive ? [Math.max(at, worker.frozenUntil)] : [])),
        ...(this.status === "running" ? [this.confirmedAt + LEASE_MS] : []),
      ].filter((at) => at > this.now);
      if (instants.length === 0) throw new Error(`Nobody does anything any more: ${this.status}`);
      this.now = Math.min(...instants);
      ready = this.tasks.filter((task) => mayAct(task) && task.at <= this.now);
    }
    const task = ready[Math.floor(this.random() * ready.length)];
    if (!task) return;
    this.tasks = this.tasks.filter((each) => each !== task && each.worker.alive);
    task.go();
  }

  private strike(): void {
    const alive = this.workers.filter((worker) => worker.alive);
    const victim = alive[Math.floor(this.random() * alive.length)]!;
    const fate = this.random();
    if (fate < 0.02) {
      victim.alive = false;
      this.crashes++;
    } else if (fate < 0.03) {
      victim.frozenUntil = this.now + LEASE_MS * (0.5 + this.random() * 2);
      this.freezes++;
    }
  }

  /** The lease of an owner that was not heard of is over. */
  private reap(): void {
    if (this.status !== "running") return;
    if (this.now - this.confirmedAt < LEASE_MS) return;
    this.status = "queued";
    this.owner = null;
  }

  /** People answer sooner or later, some of them before they were asked. */
  private answerQuestions(): void {
    for (const node of this.graph.nodes) {
      if (node.type !== "ask" || this.random() > 0.05) continue;
      for (let run = 0; run < 60; run++) this.signals.set(`${EXECUTION}:${node.id}#${run}`, { approved: true });
      if (this.status === "waiting") this.status = "queued";
    }
  }

  private turn(worker: Worker, at = 0): Promise<void> {
    return new Promise((go) => this.tasks.push({ worker, at, go }));
  }

  private startWorker(): void {
    const worker: Worker = { id: this.workers.length + 1, alive: true, frozenUntil: 0 };
    this.workers.push(worker);
    const loop = async () => {
      for (;;) {
        await this.turn(worker);
        const due = this.status === "queued" || (this.status === "waiting" && this.wakeAt !== null && this.wakeAt <= this.now);
        if (due) {
          this.status = "running";
          this.owner = worker.id;
          this.claimNo++;
          this.confirmedAt = this.now;
          await this.drive(worker, this.claimNo);
        } else await this.turn(worker, this.now + 500);
      }
    };
    void loop();
  }

  private async drive(worker: Worker, claimNo: number): Promise<void> {
    const run = new SimulatedRun(this.access(worker, claimNo), [...this.journal]);
    const left = run.left.then(() => null);
    const registry = this.registryOf(worker);
    const interpreted = interpret({
      graph: prepareGraph(this.graph, registry),
      registry,
      host: run,
      services: noServices,
      info: {
        id: EXECUTION,
        mode: "manual",
        flowId: "flow",
        flowName: "Test",
        organizationId: "org",
        resumeUrl: "http://localhost/resume",
      },
      trigger: { nodeId: "Start", items: [...this.items] },
      variables: {},
      lineage: EXECUTION,
      maxVisits: 60,
      timezone: "UTC",
      now: () => this.now,
    });
    const result = await Promise.race([interpreted, left]);
    interpreted.catch(() => {});
    if (result) await Promise.race([run.end(result), left]);
  }

  private access(worker: Worker, claimNo: number): DatabaseAccess {
    return {
      now: () => this.now,
      turn: (at) => this.turn(worker, at),
      signal: (correlation) => this.signals.get(correlation),
      commit: async (rows, end) => {
        const sentAt = this.now;
        await this.turn(worker);
        if (this.owner !== worker.id || this.claimNo !== claimNo || this.status !== "running") throw new Lost();
        this.confirmedAt = Math.max(this.confirmedAt, sentAt);
        this.journal.push(...rows);
        if (end) {
          // Somebody may have answered while it was about to wait.
          const answered = end.status === "waiting" && end.correlations.some((each) => this.signals.has(each));
          this.status = answered ? "queued" : end.status;
          this.wakeAt = end.wakeAt;
          this.lastKey = end.lastKey;
          this.owner = null;
        }
        await this.turn(worker);
        return sentAt;
      },
    };
  }

  /** The test nodes; what posts does so in two turns, between which its worker may die. */
  private registryOf(worker: Worker): NodeRegistry {
    return {
      definition: testRegistry.definition,
      executor: async (type) => {
        const executor = await testRegistry.executor(type);
        if (type !== "post") return executor;
        return async (context) => {
          const key = `${context.node.id}#${context.runIndex}`;
          const tell = (phase: "begin" | "end") => {
            const durable = this.journal.some((row) => row.key === key && row.kind === "output");
            this.writes.push({ key, phase, durable });
          };
          tell("begin");
          await this.turn(worker);
          tell("end");
          return [context.items.map((item, index) => ({ json: { ...item.json, by: context.node.name }, pairedItem: { item: index } }))];
        };
      },
    };
  }
}

interface End {
  status: "succeeded" | "failed" | "waiting";
  lastKey: StepKey | null;
  wakeAt: number | null;
  correlations: readonly string[];
}

interface DatabaseAccess {
  now(): number;
  turn(at?: number): Promise<void>;
  signal(correlation: string): Json | undefined;
  /** @returns when it was asked; throws `Lost` when the execution is another's */
  commit(rows: readonly Row[], end: End | null): Promise<number>;
}

/** The interpreter's port on a virtual worker: keeps what it is told, and writes it together when it must. */
class SimulatedRun implements Host {
  readonly outputsInMemory = true;
  readonly left: Promise<void>;
  private leave: () => void = () => {};
  private readonly given = new Map<StepKey, StepOutput>();
  private readonly failed = new Map<StepKey, StepError>();
  private readonly attempts = new Map<StepKey, { attempt: number; retryAt: number }>();
  private readonly waited = new Map<StepKey, Json | null>();
  private buffer: Row[] = [];
  private writing: Promise<unknown> = Promise.resolve();
  private confirmedAt: number;
  private busy = 0;
  private readonly parked = new Set<{ wakeAt: number | null; correlation: string | null }>();
  private over = false;

  constructor(
    private readonly database: DatabaseAccess,
    journal: readonly Row[],
  ) {
    this.left = new Promise((resolve) => {
      this.leave = resolve;
    });
    this.confirmedAt = database.now();
    for (const row of journal) {
      if (row.kind === "output") this.given.set(row.key, row.output!);
      else if (row.kind === "failed") this.failed.set(row.key, row.error!);
      else if (row.kind === "retry") this.attempts.set(row.key, { attempt: row.attempt, retryAt: row.retryAt! });
      else this.waited.set(row.key, row.payload ?? null);
    }
  }

  outputs(key: StepKey) {
    return this.given.get(key)!.outputs;
  }

  async run(step: StepRef, fn: (attempt: Attempt) => Promise<StepOutput> | StepOutput): Promise<StepSummary> {
    const known = this.given.get(step.key);
    if (known) return summaryOf(known);
    const failure = this.failed.get(step.key);
    if (failure) throw new StepFailedError(step.key, failure);
    for (;;) {
      const before = this.attempts.get(step.key);
      if (before) await this.sleepUntil(before.retryAt);
      const number = (before?.attempt ?? 0) + 1;
      const last = number >= step.retry.maxAttempts;
      this.busy++;
      try {
        // The answer that confirms it may itself have taken longer than a lease lasts.
        while (step.effect === "write" && (this.buffer.length > 0 || this.database.now() - this.confirmedAt > LEASE_MS / 2)) {
          await this.flush();
        }
        await this.database.turn();
        if (step.effect === "write") while (this.database.now() - this.confirmedAt > LEASE_MS / 2) await this.flush();
        if (this.over) return await never<StepSummary>();
        const row = { key: step.key, effect: step.effect, sources: step.sources, attempt: number };
        try {
          const output = await fn({ number, last, signal: new AbortController().signal });
          this.given.set(step.key, output);
          this.buffer.push({ ...row, kind: "output", output });
          if (step.effect === "write") void this.flush().catch(() => {});
          return summaryOf(output);
        } catch (thrown) {
          const error = toStepError(thrown);
          if (last || !isRetriable(error)) {
            this.failed.set(step.key, error);
            this.buffer.push({ ...row, kind: "failed", error });
            throw new StepFailedError(step.key, error);
          }
          const retryAt = this.database.now() + retryDelay(step.retry, number);
          this.attempts.set(step.key, { attempt: number, retryAt });
          this.buffer.push({ ...row, kind: "retry", error, retryAt });
        }
      } finally {
        this.busy--;
        this.consider();
      }
    }
  }

  async sleep(step: StepRef, until: Date): Promise<void> {
    if (this.waited.has(step.key)) return;
    await this.sleepUntil(until.getTime());
    this.endWait(step, null);
  }

  async waitForEvent(step: StepRef, { correlation, until }: { event: string; correlation: string; until?: Date }): Promise<Json | null> {
    if (this.waited.has(step.key)) return this.waited.get(step.key) ?? null;
    const parked = { wakeAt: until?.getTime() ?? null, correlation };
    for (;;) {
      const payload = this.database.signal(correlation);
      if (payload !== undefined) {
        this.endWait(step, payload);
        return payload;
      }
      this.parked.add(parked);
      this.consider();
      await this.database.turn(this.database.now() + 1000);
      this.parked.delete(parked);
    }
  }

  waitForFlows(): Promise<never> {
    return never();
  }

  async end(result: { status: "succeeded"; lastKey: StepKey | null } | { status: "failed" }): Promise<void> {
    this.over = true;
    await this.flush({
      status: result.status,
      lastKey: result.status === "succeeded" ? result.lastKey : null,
      wakeAt: null,
      correlations: [],
    });
  }

  private endWait(step: StepRef, payload: Json | null): void {
    this.waited.set(step.key, payload);
    this.buffer.push({ key: step.key, kind: "waited", effect: "pure", sources: [], attempt: 1, payload });
  }

  private async sleepUntil(at: number): Promise<void> {
    const parked = { wakeAt: at, correlation: null };
    this.parked.add(parked);
    this.consider();
    if (at > this.database.now()) await this.database.turn(at);
    this.parked.delete(parked);
  }

  /** One flush at a time, in order. What is refused was another's to write: this run is left, and goes on nowhere. */
  private flush(end: End | null = null): Promise<void> {
    const next = this.writing.then(async () => {
      const rows = this.buffer;
      this.buffer = [];
      try {
        this.confirmedAt = await this.database.commit(rows, end);
      } catch {
        this.over = true;
        this.leave();
        await never();
      }
    });
    this.writing = next;
    return next;
  }

  /** Leaves the worker once all that is left to do is to wait. */
  private consider(): void {
    if (this.over || this.busy > 0 || this.parked.size === 0) return;
    void this.database.turn().then(async () => {
      if (this.over || this.busy > 0 || this.parked.size === 0) return;
      this.over = true;
      const waits = [...this.parked];
      const instants = waits.flatMap(({ wakeAt }) => (wakeAt === null ? [] : [wakeAt]));
      const correlations = waits.flatMap(({ correlation }) => correlation ?? []);
      await this.flush({ status: "waiting", lastKey: null, wakeAt: instants.length > 0 ? Math.min(...instants) : null, correlations });
      this.leave();
    });
  }
}

const summaryOf = (output: StepOutput): StepSummary => ({
  counts: output.outputs.map((items) => items.length),
  ...(output.suspend && { suspend: output.suspend }),
  ...(output.error && { error: output.error }),
});

/** What each visit gave in the end, by step key. */
export function outputsOf({ journal }: SimulationResult): Record<StepKey, unknown> {
  const waited = new Map(journal.filter((row) => row.kind === "waited").map((row) => [row.key, row.payload ?? null]));
  return Object.fromEntries(
    journal.flatMap(({ key, kind, output }) => {
      if (kind !== "output" || !output) return [];
      const { suspend, outputs } = output;
      if (!suspend || suspend.kind === "flows") return [[key, outputs]];
      return waited.has(key) ? [[key, outputsAfterWait(outputs, suspend, waited.get(key) ?? null)]] : [];
    }),
  );
}
