import type { ExecutionError } from "../engine";
import type { ActiveRun } from "./active-run";
import type { Journal } from "./journal";
import type { Live } from "./live";
import type { EngineLogger, EngineSettings } from "./options";
import type { ClaimRow, EndVerdict } from "./rows";
import type { Store, WaitAnswer, WaitRequest } from "./store";

/** Why a run stops being held in memory before it has ended. */
export type LeaveReason =
  /** All that is left to do waits: the database holds it until then. */
  | "suspended"
  | "cancelled"
  /** It has taken longer than its flow allows. */
  | "timed_out"
  /** Another worker may have it: nothing more is written. */
  | "lost"
  /** Given back to the queue. */
  | "released"
  /** What it gave cannot be stored, or a fault of ours. */
  | "fault";

/** What a run needs of its engine. */
export interface RunEnvironment {
  readonly settings: EngineSettings;
  readonly journal: Journal;
  readonly live: Live;
  readonly logger: EngineLogger;
  readonly store: Store;
  /** See `Store.wait`. */
  wait(run: ActiveRun, request: WaitRequest): Promise<WaitAnswer>;
  /** It is left before its journal was read: the database, which knows the journal, ends or queues it. */
  giveBack(run: ActiveRun): void;
  /** Its end is about to be written. */
  ending(run: ActiveRun): void;
  answered(run: ActiveRun): void;
  /** It is out of memory's hands: durable, or given up. `end` is null when it was given up. */
  finished(run: ActiveRun, end: EndVerdict | null, error: ExecutionError | null, lastKey: string | null): void;
}

export interface RunClaim {
  claimNo: number;
  wakeSeq: number;
  cancelRequested: boolean;
  /** Nobody has run it before: there is no journal to read. */
  fresh: boolean;
  /** Where the trigger's items are when they are too large for the row. */
  inputPayloadId: string | null;
  /** The database's clock at the claim, in milliseconds; null where none was asked. */
  at: number | null;
  /** The gate that it has passed; others may wait before it until this one has ended. */
  gate: string | null;
  /** When it ends as timed out, in milliseconds by the database's clock. */
  deadline: number | null;
}

const NO_POLICY: Pick<RunClaim, "gate" | "deadline"> = { gate: null, deadline: null };

export const claimOf = (row: ClaimRow): RunClaim => ({
  claimNo: row.claim_no,
  wakeSeq: row.wake_seq,
  cancelRequested: row.cancel_requested,
  fresh: row.claim_no === 1,
  inputPayloadId: row.input_payload_id,
  at: row.at,
  ...(row.status.startsWith("{") ? (JSON.parse(row.status) as Pick<RunClaim, "gate" | "deadline">) : NO_POLICY),
});
