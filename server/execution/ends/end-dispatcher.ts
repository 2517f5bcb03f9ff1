import type pg from "pg";
import type { Log } from "../inngest/runtime";

/** What follows from an execution's end. Called at least once for each, perhaps in several processes one after the other. */
export type EndHandler = (executionId: string) => Promise<void>;

/** Longest time between two looks: another process may have ended something and died. */
const POLL_MS = 1_000;
/** How long ends of which little is to be expected gather. */
const SOON_MS = 100;
const BATCH = 50;
const LONGEST_PAUSE_SECONDS = 300;

/**
 * Does what follows from the ends of executions: who waits for them is told, flows that listen are started. The ends are rows
 * that were written with the executions' own, so none is missed; a row goes once everything is done, and is tried again until then.
 */
export class EndDispatcher {
  private timer: NodeJS.Timeout | null = null;
  private soon: NodeJS.Timeout | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly handle: EndHandler,
    private readonly logger: Log,
    private readonly pollMs = POLL_MS,
  ) {}

  start(): void {
    this.kick();
  }

  /** Something has ended, and nobody may listen: many such ends are looked at together. */
  kickSoon(): void {
    if (this.stopped || this.soon) return;
    this.soon = setTimeout(() => {
      this.soon = null;
      this.kick();
    }, SOON_MS);
    this.soon.unref();
  }

  /** Something has ended from which something follows. */
  kick(): void {
    if (this.stopped) return;
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = null;
      if (this.again) this.kick();
      else this.lookLater();
    });
  }

  /** Sees to what there is now, without going on to look. Rejects when the database cannot be asked. */
  async drain(): Promise<void> {
    while ((await this.batch()) === BATCH);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.again = false;
    if (this.timer) clearTimeout(this.timer);
    if (this.soon) clearTimeout(this.soon);
    await this.working;
  }

  private lookLater(): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kick(), this.pollMs);
    this.timer.unref();
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        while (!this.stopped && (await this.batch()) === BATCH);
      } catch (error) {
        this.logger.warn({ err: error }, "what follows from the ends of executions could not be looked at");
      }
    }
  }

  /** How many were taken on. */
  private async batch(): Promise<number> {
    if (!(await this.hasDue())) return 0;
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query("begin");
      const { rows } = await client.query<{ execution_id: string }>({
        name: "ends-take",
        // The rows stay locked until they are done: other processes pass them by.
        text: `select execution_id from execution_end where retry_at is null or retry_at <= clock_timestamp()
          order by ended_at limit ${BATCH} for update skip locked`,
      });
      const done: string[] = [];
      const failed: string[] = [];
      await Promise.all(
        rows.map(async ({ execution_id: id }) => {
          try {
            await this.handle(id);
            done.push(id);
          } catch (error) {
            this.logger.error({ err: error, executionId: id }, "what follows from an execution's end failed, and is tried again");
            failed.push(id);
          }
        }),
      );
      await client.query({ name: "ends-done", text: "delete from execution_end where execution_id = any($1)", values: [done] });
      await client.query({
        name: "ends-again",
        text: `update execution_end set tries = tries + 1,
            retry_at = clock_timestamp() + make_interval(secs => least(power(2, tries), ${LONGEST_PAUSE_SECONDS}))
          where execution_id = any($1)`,
        values: [failed],
      });
      await client.query("commit");
      broken = false;
      return rows.length;
    } finally {
      client.release(broken);
    }
  }

  /** Mostly nothing is: one question instead of a transaction. */
  private async hasDue(): Promise<boolean> {
    const { rows } = await this.pool.query<{ due: boolean }>({
      name: "ends-due",
      text: "select exists (select 1 from execution_end where retry_at is null or retry_at <= clock_timestamp()) as due",
    });
    return rows[0]!.due;
  }
}
