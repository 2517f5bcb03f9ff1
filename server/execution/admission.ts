import type pg from "pg";
import type { ExecutionEngine, NewExecution, StartedExecution } from "./engine";
import { newPayloadId } from "./ids";
import type { ExecutionPolicy } from "./policies";

/** What the database did to executions, for the engine to act on. */
export interface Admitted {
  /** Have room now, and may be claimed. */
  passed: string[];
  /** Have ended without anybody running them any more. */
  ended: string[];
  /** Are to be cancelled, to make room. */
  cancel: string[];
  /** When the next execution that nobody runs is due to time out, in milliseconds; null for none. Only a sweep tells. */
  deadline: number | null;
}

interface AnswerRow {
  kind: "recorded" | "duplicate" | "passed" | "ended" | "cancel" | "deadline";
  id: string;
}

function admitted(rows: readonly AnswerRow[]): Admitted {
  const ids = (kind: AnswerRow["kind"]) => rows.filter((row) => row.kind === kind).map((row) => row.id);
  const [deadline] = ids("deadline");
  return { passed: ids("passed"), ended: ids("ended"), cancel: ids("cancel"), deadline: deadline === undefined ? null : Number(deadline) };
}

/** Bytes of trigger items above which they go to the payload store. */
export interface AdmitOptions {
  engine: ExecutionEngine["name"];
  inlineBytes: number;
}

/**
 * Records an arrival and the execution of a flow with policies, in one transaction: put off, before its gate, through it, or
 * ended because there is no room. Sending it again changes nothing, so it may be repeated with the same ids.
 */
export async function admitExecution(
  pool: Pick<pg.Pool, "query">,
  execution: NewExecution,
  policy: ExecutionPolicy,
  { engine, inlineBytes }: AdmitOptions,
): Promise<StartedExecution & Admitted> {
  const { event } = execution;
  const { concurrency, debounce, throttle } = policy;
  const text = JSON.stringify(execution.items);
  const bytes = Buffer.byteLength(text) > inlineBytes ? Buffer.from(text, "utf8") : null;
  const { rows } = await pool.query<AnswerRow>({
    name: "engine_admit",
    text: `select kind, id from engine_admit(${Array.from({ length: 29 }, (_, index) => `$${index + 1}`).join(", ")})`,
    values: [
      engine,
      event.id,
      event.triggerId,
      event.type,
      event.dedupeKey,
      execution.id,
      execution.organizationId,
      execution.flowId,
      execution.flowVersion,
      execution.flowVersion === null ? JSON.stringify(execution.graph) : null,
      execution.mode,
      execution.triggerNodeId,
      bytes ? null : text,
      bytes ? newPayloadId() : null,
      bytes,
      JSON.stringify(execution.variables),
      execution.retryOfId,
      execution.createdById,
      policy.priority,
      policy.timeoutMs,
      concurrency?.key ?? null,
      concurrency?.limit ?? null,
      concurrency?.overlap ?? null,
      debounce?.key ?? null,
      debounce?.ms ?? null,
      debounce?.maxMs ?? null,
      throttle?.key ?? null,
      throttle?.limit ?? null,
      throttle?.periodMs ?? null,
    ],
  });
  const [first] = rows;
  if (!first) throw new Error(`The arrival ${event.id} collides with another one that cannot be found`);
  return { executionId: first.id, duplicate: first.kind === "duplicate", ...admitted(rows) };
}

/** Lets executions through a gate as far as there is room; after one behind it has ended. */
export async function openGate(pool: Pick<pg.Pool, "query">, gate: string): Promise<Admitted> {
  const { rows } = await pool.query<AnswerRow>({ name: "engine_open", text: "select kind, id from engine_open($1)", values: [gate] });
  return admitted(rows);
}

/** Ends what has taken too long and nobody runs, and looks at every gate that something queues before. */
export async function sweepPolicies(pool: Pick<pg.Pool, "query">, engine: ExecutionEngine["name"]): Promise<Admitted> {
  const { rows } = await pool.query<AnswerRow>({ name: "engine_sweep", text: "select kind, id from engine_sweep($1)", values: [engine] });
  return admitted(rows);
}
