import type pg from "pg";
import type { ExecutionStatus } from "@/flow/execution/status";
import { boolArray, bytesArray, intArray, textArray, timestampArray } from "./binary-array";
import { type ClaimRow, type EndVerdict, type Entry, isOver, type StartRow, type StartVerdict, type StepRow } from "./rows";

const PARAMETERS = 63;
const TEXT = `select * from engine_flush(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(",")})`;

export interface FlushQuery {
  name: string;
  text: string;
  values: Parameter[];
}

export interface Ask {
  /** Executions to claim, at most. */
  claim: number;
  /** Also wake what is due. */
  wake: boolean;
}

/**
 * Statements of the journal look rows up by key and nothing else. Left to itself the planner plans them anew each time, as
 * arrays differ in length, which costs more than running them; or it remembers a scan of a table that was empty.
 */
export const planOnce = async (client: pg.Client): Promise<void> => {
  const settings = [
    "plan_cache_mode = force_generic_plan",
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "jit = off",
  ];
  await client.query(settings.map((setting) => `set ${setting}`).join("; "));
};

export type Parameter = Buffer | string | number | boolean | null;
const nothing = (count: number): null[] => new Array<null>(count).fill(null);

/** A start whose run ended before it was ever written is one row in its final state. */
export const isFolded = (entry: Entry): boolean => entry.start?.eager === true && entry.end !== null && isOver(entry.end.status);

function startParameters(entries: readonly Entry[]): Parameter[] {
  const starts = entries.filter((entry) => entry.start);
  if (starts.length === 0) return nothing(27);
  const rows = starts.map((entry) => entry.start!);
  const ends = starts.map((entry) => (isFolded(entry) ? entry.end : null));
  const text = (pick: (row: (typeof rows)[number]) => string | null) => textArray(rows.map(pick));
  return [
    text((row) => row.execution.event.id),
    text((row) => row.execution.id),
    text((row) => row.execution.organizationId),
    text((row) => row.execution.flowId),
    text((row) => row.execution.event.triggerId),
    text((row) => row.execution.event.type),
    text((row) => row.execution.event.dedupeKey),
    intArray(rows.map((row) => row.execution.flowVersion)),
    text((row) => row.draftGraph),
    text((row) => row.execution.mode),
    text((row) => row.execution.triggerNodeId),
    text((row) => row.input),
    text((row) => row.inputPayloadId),
    text((row) => row.variables),
    text((row) => row.execution.retryOfId),
    text((row) => row.execution.createdById),
    textArray(rows.map((row, index) => (row.eager ? (ends[index]?.status ?? "running") : "queued"))),
    intArray(ends.map((end) => (end ? end.seq + 1 : 0))),
    textArray(ends.map((end) => end?.error ?? null)),
    textArray(ends.map((end) => end?.lastKey ?? null)),
    timestampArray(rows.map((row) => row.at)),
    timestampArray(ends.map((end) => end?.finishedAt ?? null)),
    ...policyParameters(rows),
  ];
}

/** Most flows say nothing. */
function policyParameters(rows: readonly StartRow[]): Parameter[] {
  if (rows.every((row) => row.policy === null)) return nothing(5);
  const gates = rows.map((row) => row.policy?.concurrency ?? null);
  const hasGates = gates.some((gate) => gate !== null);
  return [
    intArray(rows.map((row) => row.policy?.priority ?? 0)),
    textArray(rows.map(({ policy }) => (policy?.timeoutMs === undefined || policy.timeoutMs === null ? null : String(policy.timeoutMs)))),
    ...(hasGates
      ? [
          textArray(gates.map((gate) => gate?.key ?? null)),
          intArray(gates.map((gate) => gate?.limit ?? null)),
          textArray(gates.map((gate) => gate?.overlap ?? null)),
        ]
      : nothing(3)),
  ];
}

function stepParameters(entries: readonly Entry[]): Parameter[] {
  const rows: StepRow[] = [];
  const ids: string[] = [];
  const organizations: string[] = [];
  for (const { steps, executionId, organizationId } of entries) {
    for (const step of steps) {
      rows.push(step);
      ids.push(executionId);
      organizations.push(organizationId);
    }
  }
  if (rows.length === 0) return nothing(17);
  const [seq, ...columns] = stepColumns(rows);
  return [textArray(ids), seq!, textArray(organizations), ...columns];
}

/** What is of the steps themselves. */
export function stepColumns(rows: readonly StepRow[]): Buffer[] {
  return [
    intArray(rows.map((row) => row.seq)),
    textArray(rows.map((row) => row.key)),
    textArray(rows.map((row) => row.nodeId)),
    intArray(rows.map((row) => row.runIndex)),
    intArray(rows.map((row) => row.attempt)),
    textArray(rows.map((row) => row.status)),
    textArray(rows.map((row) => row.effect)),
    textArray(rows.map((row) => (row.counts ? `{${row.counts.join(",")}}` : null))),
    textArray(rows.map((row) => row.sources)),
    textArray(rows.map((row) => row.output)),
    textArray(rows.map((row) => row.payloadId)),
    textArray(rows.map((row) => (row.error ? JSON.stringify(row.error) : null))),
    timestampArray(rows.map((row) => row.wakeAt)),
    timestampArray(rows.map((row) => row.startedAt)),
    timestampArray(rows.map((row) => row.finishedAt)),
  ];
}

function payloadParameters(entries: readonly Entry[]): Parameter[] {
  const rows = entries.flatMap((entry) => entry.payloads.map((payload) => ({ entry, payload })));
  if (rows.length === 0) return nothing(5);
  return [
    textArray(rows.map((row) => row.payload.id)),
    textArray(rows.map((row) => row.entry.organizationId)),
    textArray(rows.map((row) => row.entry.executionId)),
    boolArray(rows.map((row) => row.payload.ofStep)),
    bytesArray(rows.map((row) => row.payload.bytes)),
  ];
}

function endParameters(entries: readonly Entry[]): Parameter[] {
  const ending = entries.filter((entry) => entry.end && !isFolded(entry));
  if (ending.length === 0) return nothing(10);
  const rows = ending.map((entry) => entry.end!);
  return [
    textArray(ending.map((entry) => entry.executionId)),
    intArray(rows.map((row) => row.claimNo)),
    textArray(rows.map((row) => row.status)),
    intArray(rows.map((row) => row.seq)),
    textArray(rows.map((row) => row.error)),
    textArray(rows.map((row) => row.lastKey)),
    timestampArray(rows.map((row) => row.wakeAt)),
    intArray(rows.map((row) => row.wakeSeq)),
    timestampArray(rows.map((row) => row.finishedAt)),
    boolArray(rows.map((row) => row.waited)),
  ];
}

/** A group commit as a prepared statement. Sending it twice is the same as once. */
export function flushStatement(worker: string, entries: readonly Entry[], ask: Ask): FlushQuery {
  // Losing a wake-up in a crash of the database only means that it is made again. Claims are durable in any case.
  const durable = entries.length > 0;
  return {
    name: "engine_flush",
    text: TEXT,
    values: [
      worker,
      durable,
      ask.claim,
      ask.wake,
      ...startParameters(entries),
      ...stepParameters(entries),
      ...payloadParameters(entries),
      ...endParameters(entries),
    ],
  };
}

export interface FlushRow extends ClaimRow {
  /** `other`: not recorded, as it is no ordinary case (`flushOneStatement`). */
  kind: "other" | "fenced" | "start" | "end" | "claimed" | "cancel" | "more" | "wake";
  seq: number;
}

export interface FlushAnswer {
  fenced: boolean;
  starts: Map<string, StartVerdict>;
  ends: Map<string, EndVerdict>;
  claimed: ClaimRow[];
  /** Running executions of this worker that shall stop. */
  cancel: string[];
  /** Work is queued. */
  more: boolean;
  /** When the next timer is due, in milliseconds; undefined when timers were not asked for. */
  nextWake: number | null | undefined;
}

export function flushAnswer(rows: readonly FlushRow[], entries: readonly Entry[]): FlushAnswer {
  const answer: FlushAnswer = {
    fenced: false,
    starts: new Map(),
    ends: new Map(),
    claimed: [],
    cancel: [],
    more: false,
    nextWake: undefined,
  };
  for (const row of rows) {
    if (row.kind === "fenced") answer.fenced = true;
    else if (row.kind === "more") answer.more = true;
    else if (row.kind === "wake") answer.nextWake = row.at;
    else if (row.kind === "cancel") answer.cancel.push(row.id);
    else if (row.kind === "claimed") answer.claimed.push(row);
    else if (row.kind === "end") answer.ends.set(row.id, { status: row.status as ExecutionStatus, seq: row.seq });
    else
      answer.starts.set(
        row.id,
        row.status === "duplicate"
          ? { kind: "duplicate", of: row.organization_id }
          : { kind: row.status === "admitted" ? "admitted" : "queued" },
      );
  }
  for (const entry of entries) {
    if (!isFolded(entry) || answer.starts.get(entry.executionId)?.kind !== "admitted") continue;
    const { status, seq } = entry.end!;
    answer.ends.set(entry.executionId, { status: status as ExecutionStatus, seq: seq + 1 });
  }
  return answer;
}
