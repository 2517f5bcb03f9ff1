import { CancelledError } from "@/flow/execution/errors";
import { type Admitted, admitExecution, openGate, sweepPolicies } from "../admission";
import type { NewExecution, StartedExecution } from "../engine";
import { type ExecutionPolicy, REPLACED } from "../policies";
import { CANCEL_EVENT, executeEventOf } from "./events";
import { cutOffExecution, publishHeads } from "./journal";
import { INLINE_LIMIT } from "./payloads";
import { abortRunningSteps, type InngestRuntime } from "./runtime";

const ENGINE = "inngest";
const MOST_AT_ONCE = 200;
const MOST_LATE = 100;
const TOO_LONG = { nodeId: null, nodeName: null, message: "The execution took longer than its flow allows" };

/**
 * Says which executions Inngest is given, and when: the limits of organizations, and what flows say about theirs. Inngest counts
 * steps by limits that are the same for everybody, and knows of an execution only once it was sent; so the database decides.
 */
export class Admission {
  private admitting: Promise<void> | null = null;
  private again = false;

  constructor(private readonly runtime: InngestRuntime) {}

  /** Records an execution of a flow that has policies. */
  async start(execution: NewExecution, policy: ExecutionPolicy): Promise<StartedExecution> {
    const options = { engine: ENGINE, inlineBytes: INLINE_LIMIT } as const;
    const { executionId, duplicate, ...rest } = await admitExecution(this.runtime.pool, execution, policy, options);
    if (!duplicate) await publishHeads(this.runtime, [executionId]);
    await this.act(rest);
    return { executionId, duplicate };
  }

  /** Sends what there is room for, in the background. */
  admit(): void {
    this.again = true;
    this.admitting ??= this.admitAll().finally(() => {
      this.admitting = null;
      if (this.again) this.admit();
    });
  }

  /** One that had passed the gate has ended. */
  left(gate: string): void {
    openGate(this.runtime.pool, gate)
      .then((given) => this.act(given))
      .catch((error: unknown) => this.runtime.logger.warn({ err: error }, "the executions before a gate could not be looked at"));
  }

  /** What time brings about: arrivals that are put off no longer, executions that have taken too long, gates. */
  async sweep(): Promise<void> {
    const { pool } = this.runtime;
    await pool.query({
      name: "inngest_put_off",
      text: `update execution set status = 'queued', wake_at = null, queued_at = clock_timestamp() where id = any (array(
        select id from execution where engine = 'inngest' and status = 'waiting' and worker_id is null and wake_at <= clock_timestamp()
        order by wake_at limit 500 for no key update skip locked))`,
    });
    await this.act(await sweepPolicies(pool, ENGINE));
    const { rows: late } = await pool.query<{ id: string }>({
      name: "inngest_late",
      text: `select id from execution where deadline_at is not null and deadline_at <= clock_timestamp() and status = 'running'
        and engine = 'inngest' order by deadline_at limit ${MOST_LATE}`,
    });
    for (const { id } of late) await this.end(id);
    this.admit();
  }

  /** When time brings something about next. */
  async nextAt(): Promise<Date | null> {
    const { rows } = await this.runtime.pool.query<{ at: Date | null }>({
      name: "inngest_next",
      text: `select least(
        (select min(deadline_at) from execution
          where deadline_at is not null and status in ('queued', 'running', 'waiting') and engine = 'inngest'),
        (select min(wake_at) from execution where engine = 'inngest' and status = 'waiting' and worker_id is null)) as at`,
    });
    return rows[0]?.at ?? null;
  }

  /**
   * Cancels an execution. False when it had ended.
   * @param reason told to people where none of them asked for it
   */
  async cancel(executionId: string, reason: string | null): Promise<boolean> {
    const error = reason === null ? undefined : { nodeId: null, nodeName: null, message: reason };
    // Inngest does not tell the function that its run was cancelled, so the last word is ours.
    if (!(await cutOffExecution(this.runtime, executionId, { status: "cancelled", ...(error && { error }) }))) return false;
    this.leave(executionId);
    return true;
  }

  async settled(): Promise<void> {
    this.again = false;
    await this.admitting;
  }

  private async end(executionId: string): Promise<void> {
    if (await cutOffExecution(this.runtime, executionId, { status: "timed_out", error: TOO_LONG })) this.leave(executionId);
  }

  /** Has whoever is at an execution that has ended give up. */
  private leave(executionId: string): void {
    abortRunningSteps(executionId, new CancelledError());
    this.runtime.announce({ name: CANCEL_EVENT, data: { executionId } });
  }

  private async act({ ended, cancel }: Pick<Admitted, "passed" | "ended" | "cancel">): Promise<void> {
    if (ended.length > 0) {
      await publishHeads(this.runtime, ended);
      for (const id of ended) this.leave(id);
      this.runtime.ended?.();
    }
    for (const id of cancel) await this.cancel(id, REPLACED);
    this.admit();
  }

  private async admitAll(): Promise<void> {
    const { pool, logger, announce } = this.runtime;
    try {
      while (this.again) {
        this.again = false;
        const { rows } = await pool.query<{ id: string; organization_id: string; flow_id: string; claim_no: number }>({
          name: "inngest_admit",
          text: "select id, organization_id, flow_id, claim_no from inngest_admit($1)",
          values: [MOST_AT_ONCE],
        });
        if (rows.length === MOST_AT_ONCE) this.again = true;
        announce(
          ...rows.map((row) =>
            executeEventOf({ id: row.id, organizationId: row.organization_id, flowId: row.flow_id, claimNo: row.claim_no }),
          ),
        );
      }
    } catch (error) {
      this.again = false;
      logger.warn({ err: error }, "queued executions could not be given to Inngest; the next look does it");
    }
  }
}
