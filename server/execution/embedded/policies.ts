import type pg from "pg";
import { type Admitted, admitExecution, openGate, sweepPolicies } from "../admission";
import type { NewExecution, StartedExecution } from "../engine";
import type { ExecutionPolicy } from "../policies";
import { persist } from "./connection";

const ENGINE = "embedded";
const LONGEST_TIMER = 2_147_483_647;

export interface PolicyHooks {
  /** Something may be claimed now, or once it is put off no longer. */
  queued(): void;
  /** Ended without having been run, or on. */
  ended(executionIds: readonly string[]): void;
  /** Has to make room for another one. */
  cancel(executionId: string): void;
}

/**
 * What flows say about their executions, as far as it is not about one that runs: gates, arrivals that are put off, time-outs of
 * what waits. The database decides; every process looks now and then, in case the one whose turn it was has died.
 */
export class Policies {
  private readonly poll: ReturnType<typeof setInterval>;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private timerAt = Number.POSITIVE_INFINITY;
  private sweeping: Promise<void> | null = null;
  private again = false;
  private full = new Set<string>();
  private behind = new Set<string>();

  constructor(
    private readonly pool: pg.Pool,
    private readonly hooks: PolicyHooks,
    private readonly settings: { pollMs: number; inlineBytes: number; maxQueued: number },
    private readonly stopping: AbortSignal,
  ) {
    this.poll = setInterval(() => this.sweep(), settings.pollMs);
  }

  /** Records an execution of a flow that has policies. */
  async admit(execution: NewExecution, policy: ExecutionPolicy): Promise<StartedExecution> {
    const options = { engine: ENGINE, inlineBytes: this.settings.inlineBytes } as const;
    const { executionId, duplicate, ...rest } = await persist(
      () => admitExecution(this.pool, execution, policy, options),
      AbortSignal.any([this.stopping, AbortSignal.timeout(5000)]),
    );
    this.act(rest);
    if (!duplicate) this.hooks.queued();
    return { executionId, duplicate };
  }

  /**
   * As much of the organization's is queued as may be, or was at the last look; or earlier arrivals of the same trigger wait for
   * room, and this one must not go before them.
   */
  isFull({ organizationId, event }: Pick<NewExecution, "organizationId" | "event">): boolean {
    if (this.full.has(organizationId)) return true;
    return this.behind.size > 0 && !event.kept && event.triggerId !== null && this.behind.has(event.triggerId);
  }

  /** One that had passed the gate has ended. */
  left(gate: string): void {
    persist(() => openGate(this.pool, gate), this.stopping).then(
      (given) => this.act(given),
      () => {},
    );
  }

  /** An execution is parked that has to end by then. */
  parked(deadline: number): void {
    if (deadline < this.timerAt) this.sweepAt(deadline);
  }

  sweep(): void {
    if (this.sweeping) {
      this.again = true;
      return;
    }
    this.sweeping = Promise.all([sweepPolicies(this.pool, ENGINE), this.findFull(), this.findBehind()])
      .then(
        ([given, full, behind]) => {
          this.full = full;
          this.behind = behind;
          this.act(given);
          this.sweepAt(given.deadline ?? Number.POSITIVE_INFINITY);
        },
        // The database is away: the next look does it.
        () => {},
      )
      .finally(() => {
        this.sweeping = null;
        if (this.again && !this.stopping.aborted) {
          this.again = false;
          this.sweep();
        }
      });
  }

  private async findFull(): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ organization_id: string }>({
      name: "engine_full",
      text: `select organization_id from execution where status = 'queued' and engine = 'embedded'
        group by organization_id having count(*) >= $1`,
      values: [this.settings.maxQueued],
    });
    return new Set(rows.map((row) => row.organization_id));
  }

  /** Triggers whose arrivals have waited for room for longer than it takes to look: the last of them do not hold up new ones for ever. */
  private async findBehind(): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ trigger_id: string }>({
      name: "engine_behind",
      text: `with recursive hop as (
          (select trigger_id from trigger_event where held_for = 'busy' and replayed_as is null order by trigger_id limit 1)
          union all
          select (select t.trigger_id from trigger_event t
                  where t.held_for = 'busy' and t.replayed_as is null and t.trigger_id > hop.trigger_id order by t.trigger_id limit 1)
          from hop where hop.trigger_id is not null)
        select trigger_id from hop where exists (select 1 from trigger_event t where t.trigger_id = hop.trigger_id
          and t.held_for = 'busy' and t.replayed_as is null and t.received_at < clock_timestamp() - make_interval(secs => $1 / 1000.0))`,
      values: [this.settings.pollMs * 2],
    });
    return new Set(rows.map((row) => row.trigger_id));
  }

  private sweepAt(at: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.timerAt = at;
    if (at === Number.POSITIVE_INFINITY || this.stopping.aborted) return;
    this.timer = setTimeout(() => this.sweep(), Math.min(Math.max(1, at - Date.now()), LONGEST_TIMER));
  }

  private act({ passed, ended, cancel }: Admitted): void {
    if (ended.length > 0) this.hooks.ended(ended);
    if (passed.length > 0) this.hooks.queued();
    for (const id of cancel) this.hooks.cancel(id);
  }

  async stop(): Promise<void> {
    clearInterval(this.poll);
    if (this.timer) clearTimeout(this.timer);
    await this.sweeping;
  }
}
