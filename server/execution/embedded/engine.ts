import { setMaxListeners } from "node:events";
import pg from "pg";
import { isTerminal } from "@/flow/execution/status";
import { ServiceError } from "@/server/services/errors";
import type { ExecutionEngine, ExecutionError, ExecutionOutcome, NewExecution, StartedExecution } from "../engine";
import { policyOf, REPLACED } from "../policies";
import { ActiveRun } from "./active-run";
import { Claims } from "./claims";
import { Connection, pause } from "./connection";
import { Control } from "./control";
import { type FlushAnswer, planOnce } from "./flush-statement";
import { Journal } from "./journal";
import { headOf, Live } from "./live";
import { Notifier } from "./notifier";
import { type EmbeddedEngineOptions, type EngineLogger, type EngineSettings, engineSettings } from "./options";
import { Outcomes } from "./outcomes";
import { Policies } from "./policies";
import { claimedExecution, type EndVerdict } from "./rows";
import { claimOf, type RunEnvironment } from "./run-environment";
import { Starts } from "./starts";
import { Store, type WaitAnswer, type WaitRequest } from "./store";
import { type HeldExecution, Worker } from "./worker";

export interface EmbeddedEngine extends ExecutionEngine {
  readonly name: "embedded";
  /** Executions that this process holds in memory now. */
  readonly running: number;
}

/** The engine on the app's own Postgres, one a process. Resolves once it has joined the others and claims work. */
export async function createEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const engine = new Engine(engineSettings(options));
  try {
    await engine.open();
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

class Engine implements EmbeddedEngine, RunEnvironment {
  readonly name = "embedded";
  readonly logger: EngineLogger;
  readonly journal: Journal;
  readonly live: Live;
  readonly store: Store;
  private readonly pool: pg.Pool;
  private readonly journalConnection: Connection;
  private readonly worker: Worker;
  private readonly notifier: Notifier;
  private readonly outcomes: Outcomes;
  private readonly starts: Starts;
  private readonly control: Control;
  private policies: Policies | null = null;
  private claims: Claims | null = null;
  private readonly active = new Map<string, ActiveRun>();
  /** Of these, the ones whose end is on its way to the database: the same round trip may bring others in their place. */
  private readonly leaving = new Set<ActiveRun>();
  /** Held by the database's word but not in memory at the last look: claims whose answer was lost. */
  private orphans = new Map<string, number>();
  /** No execution begins any more; arrivals are still recorded. */
  private draining = false;
  private readonly stopping = new AbortController();

  constructor(readonly settings: EngineSettings) {
    setMaxListeners(0, this.stopping.signal);
    const { connectionString, statementTimeoutMs } = settings;
    this.logger = settings.logger;
    this.live = new Live(settings.liveBus);
    const withdraw = settings.liveBus.reportsWith?.((id) => this.active.get(id)?.atWork() ?? []);
    this.stopping.signal.addEventListener("abort", () => withdraw?.());
    this.pool = new pg.Pool({
      connectionString,
      max: 5,
      application_name: "tolstoy engine",
      query_timeout: statementTimeoutMs,
      keepAlive: true,
    });
    this.pool.on("error", (error) => this.logger.warn({ err: error }, "an idle database connection broke"));
    this.journalConnection = new Connection(
      { connectionString, application_name: "tolstoy journal", query_timeout: statementTimeoutMs },
      planOnce,
    );
    this.store = new Store(this.pool, this.stopping.signal);
    this.notifier = new Notifier(this.pool, settings.notifyMs);
    this.outcomes = new Outcomes(this.pool, (id) => this.active.has(id));
    this.worker = new Worker(this.pool, settings, {
      notified: (message) => this.control.notified(message),
      holds: (executions) => this.reconcile(executions),
      fenced: () => this.loseAll(),
      reaped: (count) => {
        this.logger.warn({ executions: count }, "took over the executions of a process that died");
        this.claims?.kick();
      },
    });
    this.journal = new Journal(
      this.journalConnection,
      {
        workerId: () => this.worker.id,
        ask: () => this.claims?.ask() ?? null,
        answered: (answer, ask) => {
          this.claimed(answer);
          this.claims?.answered(answer, ask);
        },
        fenced: (id) => this.worker.fenced(id),
      },
      settings.gatherMs,
      this.logger,
    );
    this.starts = new Starts(this, this.active, {
      mayBegin: () => settings.eager && !this.draining,
      queued: () => this.queued(),
      admit: async (execution, policy) => {
        const started = await this.policies!.admit(execution, policy);
        // It may be put off: a moment from now there may be a timer to wait for.
        if (!started.duplicate) this.claims?.parked(new Date());
        return started;
      },
      queuedBefore: (gate) => this.policies?.left(gate),
    });
    this.control = new Control(this, this.active, this.outcomes, this.notifier, {
      kick: () => this.claims?.kick(),
      queued: () => this.queued(),
      hasOthers: () => this.worker.others > 0,
      roomMade: (gate) => (gate === null ? this.policies?.sweep() : this.policies?.left(gate)),
    });
  }

  get running(): number {
    return this.active.size;
  }

  /** Joins the processes that run executions, and begins to claim. */
  async open(): Promise<void> {
    await this.worker.start();
    const free = () => this.settings.capacity - this.active.size + this.leaving.size;
    this.claims = new Claims(free, () => this.journal.hurry(), this.settings.pollMs);
    this.claims.kick();
    this.policies = new Policies(
      this.pool,
      {
        queued: () => this.queued(),
        ended: (ids) => {
          for (const id of ids) this.control.tellEnded(id).catch(() => {});
        },
        cancel: (id) => void this.control.cancel(id, REPLACED).catch(() => {}),
      },
      this.settings,
      this.stopping.signal,
    );
  }

  async start(execution: NewExecution): Promise<StartedExecution> {
    if (!this.claims || this.stopping.signal.aborted) throw new ServiceError("unavailable", "The execution engine is not running");
    if (this.journal.backlog >= this.settings.maxBacklog) {
      throw new ServiceError("unavailable", "Executions arrive faster than the database records them; try again in a moment", {
        retryAfterSeconds: 5,
      });
    }
    // What a running execution starts is bounded by those, and they could not go on without it.
    if (execution.mode !== "flow" && this.policies?.isFull(execution)) {
      throw new ServiceError("rate_limited", `${this.settings.maxQueued} executions of the organization are queued; try again later`, {
        retryAfterSeconds: 15,
      });
    }
    return this.starts.begin(execution, policyOf(execution));
  }

  cancel(executionId: string): Promise<boolean> {
    return this.control.cancel(executionId, null);
  }

  pause(executionId: string): Promise<boolean> {
    return this.control.pause(executionId);
  }

  resume(executionId: string): Promise<boolean> {
    return this.control.resume(executionId);
  }

  signal(event: Parameters<ExecutionEngine["signal"]>[0]): Promise<boolean> {
    return this.control.signal(event);
  }

  private queued(): void {
    this.claims?.kick();
    if (this.worker.others > 0 && this.active.size >= this.settings.capacity) this.notifier.send("q");
  }

  outcome(executionId: string, until: "answer" | "end", signal: AbortSignal): Promise<ExecutionOutcome> {
    const here = this.active.get(executionId);
    if (until === "answer" && here?.response && here.admitted) return Promise.resolve(outcomeSoFar(here));
    return this.outcomes.wait(executionId, until, signal);
  }

  private claimed(answer: FlushAnswer): void {
    for (const id of answer.cancel) this.active.get(id)?.leave("cancelled");
    for (const row of answer.claimed) {
      if (this.active.has(row.id)) continue;
      const run = new ActiveRun(claimedExecution(row), claimOf(row), headOf(row), this);
      this.active.set(row.id, run);
      void run.drive(this.settings.run);
    }
  }

  /**
   * Compares memory with the rows: cancels that were not heard of, and claims whose answer never arrived, which go back to
   * the queue at the second look.
   */
  private reconcile(executions: readonly HeldExecution[]): void {
    const orphans = new Map<string, number>();
    for (const { id, claim_no, cancel_requested, pause_requested } of executions) {
      const run = this.active.get(id);
      if (run?.claim.claimNo === claim_no) {
        if (cancel_requested) run.leave("cancelled");
        else if (pause_requested) run.release();
      } else orphans.set(id, claim_no);
    }
    // While an answer is awaited, what it brings is not in memory yet.
    if (this.journal.claiming) orphans.clear();
    const lost = [...orphans].filter(([id, claimNo]) => this.orphans.get(id) === claimNo);
    this.orphans = orphans;
    if (lost.length === 0) return;
    this.logger.warn({ executions: lost.length }, "claims whose answer was lost go back to the queue");
    this.store.requeue(this.worker.id, lost).then(
      () => this.claims?.kick(),
      () => {},
    );
  }

  private loseAll(): void {
    this.logger.warn({ executions: this.active.size }, "this process was taken for dead by another one and lets go of its executions");
    for (const run of [...this.active.values()]) run.leave("lost");
    this.journal.disown();
  }

  wait(run: ActiveRun, request: WaitRequest): Promise<WaitAnswer> {
    return this.store.wait(this.worker.id, run, request);
  }

  giveBack(run: ActiveRun): void {
    this.store
      .requeue(this.worker.id, [[run.executionId, run.claim.claimNo]])
      .catch(() => {})
      .finally(() => {
        this.finished(run, null, null, null);
        this.outcomes.lookAgain(run.executionId);
        this.claims?.kick();
      });
  }

  ending(run: ActiveRun): void {
    this.leaving.add(run);
  }

  answered(run: ActiveRun): void {
    this.outcomes.tell(run.executionId, outcomeSoFar(run), false);
  }

  finished(run: ActiveRun, end: EndVerdict | null, error: ExecutionError | null, lastKey: string | null): void {
    this.leaving.delete(run);
    if (this.active.get(run.executionId) === run) this.active.delete(run.executionId);
    if (end && isTerminal(end.status)) {
      const { gate } = run.claim;
      // Why a later one took its place is in its row.
      if (gate !== null && end.status === "cancelled") this.control.tellEnded(run.executionId).catch(() => {});
      else this.tellOutcome(run, end, error, lastKey);
      if (gate !== null) this.policies?.left(gate);
    } else if (end?.status === "waiting") {
      const wakeAt = run.wakeAt;
      if (wakeAt) this.claims?.parked(wakeAt);
      if (run.claim.deadline !== null) this.policies?.parked(run.claim.deadline);
    } else if (end?.status === "queued") this.claims?.kick();
    this.claims?.freed();
  }

  private tellOutcome(run: ActiveRun, end: EndVerdict, error: ExecutionError | null, lastKey: string | null): void {
    const succeeded = end.status === "succeeded";
    this.settings.ended(succeeded && run.head.mode !== "flow" ? "perhaps" : "surely");
    this.outcomes.ended(run, end.status, error, lastKey);
  }

  async stop(): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    this.claims?.stop();
    for (const run of this.active.values()) run.release();
    const deadline = Date.now() + this.settings.stopMs;
    while (this.active.size > 0 && Date.now() < deadline) await pause(10);
    for (const run of [...this.active.values()]) run.leave("released");
    await Promise.race([this.journal.drain(), pause(2000)]);
    this.stopping.abort();
    this.notifier.stop();
    await this.policies?.stop();
    await this.worker.stop(2000);
    this.journal.close();
    this.outcomes.stop();
    await Promise.all([this.journalConnection.end(), this.pool.end()]);
  }
}

const outcomeSoFar = (run: ActiveRun): ExecutionOutcome => ({ status: "running", error: null, response: run.response, lastItems: null });
