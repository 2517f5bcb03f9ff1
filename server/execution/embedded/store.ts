import type pg from "pg";
import type { ExecutionMode, ExecutionStatus } from "@/flow/execution/status";
import type { Item } from "@/flow/item";
import type { ExecutionEngine, ExecutionError } from "../engine";
import { persist } from "./connection";
import type { HeadBase, HeadState } from "./live";
import type { RecordedStep } from "./visits";

export interface WaitRequest {
  key: string;
  event: string;
  correlation: string;
  until: Date | null;
  /** Close the wait if nothing has come. */
  expire: boolean;
}

export interface WaitAnswer {
  /** False when the run is another's by now. */
  held: boolean;
  /** JSON text; null while nothing has come. */
  payload: string | null;
}

interface HeadRow {
  organization_id: string;
  flow_id: string;
  flow_version: number | null;
  mode: ExecutionMode;
  status: ExecutionStatus;
  error: string | null;
  seq: number;
  queued_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

/** What the engine asks of the database beside the journal. What may be repeated is, until the database answers. */
export class Store {
  constructor(
    private readonly pool: pg.Pool,
    private readonly stopping: AbortSignal,
  ) {}

  private rows<R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<R[]> {
    return persist(async () => (await this.pool.query<R>({ name, text, values })).rows, this.stopping);
  }

  /** The journal as far as it is recorded. */
  loadSteps(executionId: string): Promise<RecordedStep[]> {
    const text = `select s.seq, s.key, s.attempt, s.status, s.counts, s.output, p.bytes, s.error, s.wake_at
      from execution_step s left join payload p on p.id = s.payload_id where s.execution_id = $1 order by s.seq`;
    return this.rows("engine_steps", text, [executionId]);
  }

  /** Last position of its journal. */
  async lastSeq(executionId: string): Promise<number> {
    const text = "select coalesce(max(seq), 0)::int as seq from execution_step where execution_id = $1";
    return (await this.rows<{ seq: number }>("engine_last_seq", text, [executionId]))[0]!.seq;
  }

  async loadItems(payloadId: string): Promise<Item[]> {
    const [row] = await this.rows<{ bytes: Buffer }>("engine_payload", "select bytes from payload where id = $1", [payloadId]);
    if (!row) throw new Error(`The payload ${payloadId} is missing`);
    return JSON.parse(row.bytes.toString("utf8")) as Item[];
  }

  /** Registers a wait and looks whether its event came already. */
  async wait(
    workerId: string,
    run: { executionId: string; organizationId: string; claim: { claimNo: number } },
    { key, event, correlation, until, expire }: WaitRequest,
  ): Promise<WaitAnswer> {
    const text = "select held, payload from engine_wait($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const values = [workerId, run.claim.claimNo, run.organizationId, run.executionId, key, event, correlation, until, expire];
    return (await this.rows<{ held: boolean; payload: string | null }>("engine_wait", text, values))[0]!;
  }

  /** Puts back what the worker holds under these claims. */
  async requeue(workerId: string, claims: readonly (readonly [executionId: string, claimNo: number])[]): Promise<void> {
    const values = [workerId, claims.map(([id]) => id), claims.map(([, claimNo]) => claimNo)];
    await this.rows("engine_requeue", "select engine_requeue($1, $2, $3)", values);
  }

  /** Status before and after; null for an unknown execution. */
  async cancel(executionId: string, reason: string | null): Promise<{ before: string | null; after: string | null }> {
    const text = "select before, after from engine_cancel($1, $2)";
    return (await this.rows<{ before: string | null; after: string | null }>("engine_cancel", text, [executionId, reason]))[0]!;
  }

  /** Status before and after; null for an unknown execution. */
  async pause(executionId: string): Promise<{ before: string | null; after: string | null }> {
    const text = "select before, after from engine_pause($1)";
    return (await this.rows<{ before: string | null; after: string | null }>("engine_pause", text, [executionId]))[0]!;
  }

  /** Null when it was neither paused nor about to be; else the gate that it has still to pass. */
  async resume(executionId: string): Promise<{ gate: string | null } | null> {
    const text = "select gate from engine_resume($1)";
    return (await this.rows<{ gate: string | null }>("engine_resume", text, [executionId]))[0] ?? null;
  }

  /** Not repeated: sent again, an event that was taken would look like a second one. */
  async deliver({ organizationId, executionId, event, correlation, payload }: Parameters<ExecutionEngine["signal"]>[0]): Promise<boolean> {
    const { rows } = await this.pool.query<{ taken: boolean }>({
      name: "engine_deliver",
      text: "select engine_deliver($1, $2, $3, $4, $5) as taken",
      values: [organizationId, executionId, event, correlation, JSON.stringify(payload)],
    });
    return rows[0]!.taken;
  }

  /** The execution's own line. */
  async head(executionId: string): Promise<{ head: HeadBase; state: HeadState } | null> {
    const text = `select organization_id, flow_id, flow_version, mode, status, error, seq, queued_at, started_at, finished_at
      from execution where id = $1`;
    const [row] = await this.rows<HeadRow>("engine_head", text, [executionId]);
    if (!row) return null;
    const head = {
      id: executionId,
      organizationId: row.organization_id,
      flowId: row.flow_id,
      flowVersion: row.flow_version,
      mode: row.mode,
      queuedAt: row.queued_at.getTime(),
      startedAt: row.started_at?.getTime() ?? null,
    };
    const error = row.error === null ? null : (JSON.parse(row.error) as ExecutionError);
    return { head, state: { status: row.status, seq: row.seq, error, finishedAt: row.finished_at } };
  }
}
