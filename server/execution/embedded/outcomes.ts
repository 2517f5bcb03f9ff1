import type pg from "pg";
import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import type { StepKey } from "@/flow/interpreter/host";
import { notFound } from "@/server/services/errors";
import type { ExecutionError, ExecutionOutcome } from "../engine";
import type { ActiveRun } from "./active-run";
import { isPassing } from "./connection";
import { type RecordedStep, responseIn, Visits } from "./visits";

const POLL_MS = 100;
const RECENT = 500;
/** Outcomes up to this size are kept for a moment. */
const KEPT_OUTCOME = 16 * 1024;

interface Waiter {
  until: "answer" | "end";
  resolve: (outcome: ExecutionOutcome) => void;
  reject: (reason: unknown) => void;
}

const satisfies = (outcome: ExecutionOutcome, until: Waiter["until"]): boolean =>
  isTerminal(outcome.status) || (until === "answer" && outcome.response !== null);

/** Whoever waits for executions: told by this process when it runs them, by the rows otherwise. */
export class Outcomes {
  private readonly waiters = new Map<string, Set<Waiter>>();
  /** Just ended here: who started one usually asks right away. */
  private readonly recent = new Map<string, ExecutionOutcome>();
  private poll: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;

  constructor(
    private readonly pool: pg.Pool,
    /** This process runs it, and will tell. */
    private readonly isHere: (executionId: string) => boolean,
  ) {}

  wait(executionId: string, until: Waiter["until"], signal: AbortSignal): Promise<ExecutionOutcome> {
    const known = this.recent.get(executionId);
    if (known && satisfies(known, until)) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiters = this.waiters.get(executionId) ?? new Set();
      this.waiters.set(executionId, waiters);
      const forget = () => {
        signal.removeEventListener("abort", aborted);
        waiters.delete(waiter);
        if (waiters.size === 0 && this.waiters.get(executionId) === waiters) this.waiters.delete(executionId);
      };
      const waiter: Waiter = {
        until,
        resolve: (outcome) => {
          forget();
          resolve(outcome);
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
      };
      const aborted = () => waiter.reject(signal.reason);
      signal.addEventListener("abort", aborted, { once: true });
      waiters.add(waiter);
      if (!this.isHere(executionId)) void this.look([executionId]);
      this.pollLater();
    });
  }

  /** What a run of this process came to, durably. */
  tell(executionId: string, outcome: ExecutionOutcome, keep: boolean): void {
    if (keep) {
      this.recent.delete(executionId);
      this.recent.set(executionId, outcome);
      for (const oldest of this.recent.keys()) {
        if (this.recent.size <= RECENT) break;
        this.recent.delete(oldest);
      }
    }
    for (const waiter of [...(this.waiters.get(executionId) ?? [])]) if (satisfies(outcome, waiter.until)) waiter.resolve(outcome);
  }

  /** A run of this process has ended, durably. What is large and nobody waits for is read from the rows by whoever asks. */
  ended(
    run: Pick<ActiveRun, "executionId" | "response" | "visits">,
    status: ExecutionStatus,
    error: ExecutionError | null,
    lastKey: StepKey | null,
  ): void {
    const succeeded = status === "succeeded";
    const small = !succeeded || lastKey === null || run.visits.of(lastKey).size <= KEPT_OUTCOME;
    if (!small && !this.waiters.has(run.executionId)) return;
    const lastItems = succeeded ? run.visits.lastItems(lastKey) : null;
    this.tell(run.executionId, { status, error, response: run.response, lastItems }, small);
  }

  /** Whoever waits looks at the rows. */
  lookAgain(executionId: string): void {
    if (this.waiters.has(executionId)) void this.look([executionId]);
  }

  private pollLater(): void {
    if (this.poll || this.stopped || this.waiters.size === 0) return;
    this.poll = setTimeout(async () => {
      const elsewhere = [...this.waiters.keys()].filter((id) => !this.isHere(id));
      if (elsewhere.length > 0) await this.look(elsewhere);
      this.poll = null;
      this.pollLater();
    }, POLL_MS);
  }

  private async look(executionIds: readonly string[]): Promise<void> {
    try {
      const { rows } = await this.pool.query<{ id: string; status: ExecutionStatus }>({
        name: "engine_statuses",
        text: "select id, status from execution where id = any ($1)",
        values: [executionIds],
      });
      const statuses = new Map(rows.map((row) => [row.id, row.status]));
      for (const id of executionIds) {
        const status = statuses.get(id);
        const waiters = [...(this.waiters.get(id) ?? [])];
        if (!status) for (const waiter of waiters) waiter.reject(notFound("Execution"));
        else if (isTerminal(status) || waiters.some((waiter) => waiter.until === "answer")) this.tell(id, await this.load(id), false);
      }
    } catch (error) {
      if (isPassing(error)) return;
      for (const id of executionIds) for (const waiter of [...(this.waiters.get(id) ?? [])]) waiter.reject(error);
    }
  }

  /** How an execution stands, by its rows. */
  private async load(executionId: string): Promise<ExecutionOutcome> {
    const head = await this.pool.query<{ status: ExecutionStatus; error: string | null; last_key: StepKey | null }>({
      name: "engine_outcome",
      text: "select status, error, last_key from execution where id = $1",
      values: [executionId],
    });
    const row = head.rows[0];
    if (!row) throw notFound("Execution");
    const answers = await this.pool.query<{ output: string | null; bytes: Buffer | null }>({
      name: "engine_answers",
      text: `select s.output, p.bytes from execution_step s left join payload p on p.id = s.payload_id
        where s.execution_id = $1 and (s.output like '%"response":%' or s.payload_id is not null) order by s.seq`,
      values: [executionId],
    });
    const visits = new Visits();
    if (row.status === "succeeded" && row.last_key !== null) {
      const last = await this.pool.query<RecordedStep>({
        name: "engine_last",
        text: `select s.seq, s.key, s.attempt, s.status, s.counts, s.output, p.bytes, s.error, s.wake_at
          from execution_step s left join payload p on p.id = s.payload_id where s.execution_id = $1 and s.key = $2 order by s.seq`,
        values: [executionId, row.last_key],
      });
      visits.restore(last.rows);
    }
    return {
      status: row.status,
      error: row.error === null ? null : (JSON.parse(row.error) as ExecutionError),
      response: responseIn(answers.rows),
      lastItems: row.status === "succeeded" ? visits.lastItems(row.last_key) : null,
    };
  }

  stop(): void {
    this.stopped = true;
    if (this.poll) clearTimeout(this.poll);
    for (const waiters of [...this.waiters.values()]) for (const waiter of [...waiters]) waiter.reject(new Error("The engine has stopped"));
  }
}
