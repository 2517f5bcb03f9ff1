import { CancelledError } from "@/flow/execution/errors";
import type { Admission } from "./admission";
import { type EngineEvent, executeEventOf, RESUME_EVENT, resumeToken } from "./events";
import { type FindRun, requeueLostRuns } from "./lost-runs";
import type { Outbox } from "./outbox";
import { TERMINAL } from "./rows";
import { abortRunningSteps, type InngestRuntime, runningSteps } from "./runtime";

export interface SweeperOptions {
  /** Milliseconds between two sweeps. */
  everyMs: number;
  /** Age in milliseconds at which something that was announced and not taken is announced again. */
  resendAfterMs: number;
  /** Without it nothing is known of lost runs. */
  findRun?: FindRun | undefined;
  /** Silence in milliseconds after which Inngest is asked whether it still knows a run. */
  lostAfterMs: number;
}

const MAX_ROWS = 500;
/** How often it is looked whether an execution has ended elsewhere while a step of it runs here. */
const NOTICE_MS = 300;
const LONGEST_PAUSE_MS = 300_000;
/** From the n-th time on a send has an id of its own: Inngest may remember one whose run it has lost. */
const OWN_ID_FROM = 6;

/**
 * Sends again what Inngest never took up: executions that stay queued, signals that their waits have not consumed. Both are
 * harmless when it was merely slow: an execution is held by one run, a signal is consumed once. Also hears of executions that
 * another process ended while a step of theirs runs here, and does what flows' time limits and delays ask for when it is due.
 */
export class Sweeper {
  private readonly announced = new Map<string, { times: number; nextAt: number }>();
  private timer: NodeJS.Timeout | undefined;
  private timerAt = 0;
  private listening: NodeJS.Timeout;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;
  private lookForLostAt = 0;

  constructor(
    private readonly runtime: InngestRuntime,
    private readonly outbox: Outbox,
    private readonly admission: Admission,
    private readonly options: SweeperOptions,
  ) {
    this.listening = setInterval(() => void this.noticeEnds().catch(() => {}), NOTICE_MS);
    this.listening.unref();
    this.schedule(options.everyMs);
  }

  /** Something may be due sooner than was thought. */
  lookSoon(): void {
    this.dueIn()
      .then((ms) => {
        if (Date.now() + ms < this.timerAt) this.schedule(ms);
      })
      .catch(() => {});
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.listening);
    await this.sweeping;
  }

  /** Milliseconds until the next look. */
  private async dueIn(): Promise<number> {
    const next = await this.admission.nextAt();
    return next === null ? this.options.everyMs : Math.min(this.options.everyMs, Math.max(1, next.getTime() - Date.now()));
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timerAt = Date.now() + ms;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.runtime.logger.warn({ err: error }, "looking for events to send again failed"))
        .then(() => this.dueIn().catch(() => this.options.everyMs))
        .then((next) => this.schedule(next));
    }, ms);
    this.timer.unref();
  }

  private async sweep(): Promise<void> {
    await this.admission.sweep();
    await this.requeueLost();
    const due = [...(await this.queuedExecutions()), ...(await this.pendingSignals())];
    const now = Date.now();
    const keys = new Set(due.map(({ key }) => key));
    for (const key of this.announced.keys()) if (!keys.has(key)) this.announced.delete(key);
    for (const { key, event } of due) {
      const { times, nextAt } = this.announced.get(key) ?? { times: 0, nextAt: 0 };
      if (nextAt > now) continue;
      this.announced.set(key, { times: times + 1, nextAt: now + Math.min(this.options.resendAfterMs * 2 ** times, LONGEST_PAUSE_MS) });
      this.outbox.add(event(times));
    }
  }

  private async queuedExecutions(): Promise<{ key: string; event: (times: number) => EngineEvent }[]> {
    const { rows } = await this.runtime.pool.query<{ id: string; organization_id: string; flow_id: string; claim_no: number }>({
      name: "inngest_unclaimed",
      text: `select id, organization_id, flow_id, claim_no from execution
        where engine = 'inngest' and status = 'queued' and sent_at < clock_timestamp() - $1 * interval '1 millisecond'
        order by sent_at limit ${MAX_ROWS}`,
      values: [this.options.resendAfterMs],
    });
    return rows.map((row) => ({
      key: row.id,
      event: (times) =>
        executeEventOf(
          { id: row.id, organizationId: row.organization_id, flowId: row.flow_id, claimNo: row.claim_no },
          times < OWN_ID_FROM ? undefined : times,
        ),
    }));
  }

  private async pendingSignals(): Promise<{ key: string; event: () => EngineEvent }[]> {
    const { rows } = await this.runtime.pool.query<{ id: string; execution_id: string; event: string; correlation: string }>({
      name: "inngest_unconsumed",
      text: `select s.id, s.execution_id, s.event, s.correlation from execution_wait w
        join execution_signal s on s.execution_id = w.execution_id and s.event = w.event and s.correlation = w.correlation
        join execution e on e.id = w.execution_id
        where e.engine = 'inngest' and e.status not in (${TERMINAL})
          and s.received_at < clock_timestamp() - $1 * interval '1 millisecond' limit ${MAX_ROWS}`,
      values: [this.options.resendAfterMs],
    });
    return rows.map((row) => ({
      key: `signal ${row.id}`,
      event: () => ({
        name: RESUME_EVENT,
        data: { executionId: row.execution_id, token: resumeToken(row.event, row.correlation) },
      }),
    }));
  }

  private async requeueLost(): Promise<void> {
    const { findRun, lostAfterMs } = this.options;
    if (!findRun || Date.now() < this.lookForLostAt) return;
    this.lookForLostAt = Date.now() + lostAfterMs / 10;
    await requeueLostRuns(this.runtime, findRun, lostAfterMs);
  }

  private async noticeEnds(): Promise<void> {
    const ids = [...new Set([...runningSteps.values()].map(({ executionId }) => executionId))];
    if (ids.length === 0) return;
    const { rows } = await this.runtime.pool.query<{ id: string }>({
      name: "inngest_ended",
      text: `select id from execution where id = any($1::text[]) and status in (${TERMINAL})`,
      values: [ids],
    });
    for (const { id } of rows) abortRunningSteps(id, new CancelledError());
  }
}
