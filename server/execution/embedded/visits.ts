import type { StepError } from "@/flow/execution/errors";
import type { StepStatus } from "@/flow/execution/status";
import type { StepKey, StepOutput, StepSummary } from "@/flow/interpreter/host";
import { countsAfterWait, outputsAfterWait } from "@/flow/interpreter/suspension";
import type { Item, Json, Outputs } from "@/flow/item";
import type { WebhookResponse } from "@/flow/node/context";

/** What the run knows of one visit of a node. */
export interface VisitState {
  /** Attempts that failed. */
  failedAttempts: number;
  /** When the next attempt is due, in milliseconds. */
  retryAt: number | null;
  /** It failed for good. */
  failure: StepError | null;
  /** Of the attempt that succeeded. */
  attempt: number;
  summary: StepSummary | null;
  /** Parsed when first asked for, after a recovery. */
  output: StepOutput | string | null;
  /** Length of the output's JSON. */
  size: number;
  /** The wait that it asked for is over. */
  waited: boolean;
  payload: Json;
}

/** A journal record as recovery reads it. */
export interface RecordedStep {
  seq: number;
  key: string;
  attempt: number;
  status: StepStatus;
  counts: number[] | null;
  output: string | null;
  bytes: Buffer | null;
  error: string | null;
  wake_at: Date | null;
}

export class Visits {
  private readonly byKey = new Map<StepKey, VisitState>();

  get(key: StepKey): VisitState | undefined {
    return this.byKey.get(key);
  }

  of(key: StepKey): VisitState {
    let visit = this.byKey.get(key);
    if (!visit) {
      visit = {
        failedAttempts: 0,
        retryAt: null,
        failure: null,
        attempt: 0,
        summary: null,
        output: null,
        size: 0,
        waited: false,
        payload: null,
      };
      this.byKey.set(key, visit);
    }
    return visit;
  }

  /** As the step's function gave it. */
  output(key: StepKey): StepOutput {
    const visit = this.byKey.get(key);
    if (!visit || visit.output === null) throw new Error(`No output of ${key} is known`);
    if (typeof visit.output === "string") visit.output = JSON.parse(visit.output) as StepOutput;
    return visit.output;
  }

  /** As the nodes after it see it. */
  finalOutputs(key: StepKey): Outputs {
    const { outputs, suspend } = this.output(key);
    const visit = this.of(key);
    return suspend && visit.waited ? outputsAfterWait(outputs, suspend, visit.payload) : outputs;
  }

  finalCounts(key: StepKey): number[] {
    const { outputs, suspend } = this.output(key);
    const counts = outputs.map((items) => items.length);
    return suspend ? countsAfterWait(counts, suspend, this.of(key).payload) : counts;
  }

  /** First output of the visit that ended the run. */
  lastItems(lastKey: StepKey | null): Item[] {
    return lastKey === null ? [] : (this.finalOutputs(lastKey)[0] ?? []);
  }

  /** Folds the journal back in. Returns its last position. */
  restore(records: readonly RecordedStep[]): number {
    let seq = 0;
    for (const record of records) {
      seq = Math.max(seq, record.seq);
      const visit = this.of(record.key);
      const text = record.bytes ? record.bytes.toString("utf8") : record.output;
      const error = record.error === null ? null : (JSON.parse(record.error) as StepError);
      if (record.status === "failed") {
        visit.failedAttempts = record.attempt;
        visit.retryAt = record.wake_at?.getTime() ?? null;
        if (!record.wake_at) visit.failure = error;
      } else if (record.status === "succeeded" && visit.summary) {
        visit.waited = true;
        visit.payload = text === null ? null : (JSON.parse(text) as { payload: Json }).payload;
      } else if (record.status === "succeeded" || record.status === "waiting") {
        visit.attempt = record.attempt;
        visit.output = text;
        visit.size = text?.length ?? 0;
        const suspend = record.status === "waiting" && text !== null ? this.output(record.key).suspend : undefined;
        visit.summary = { counts: record.counts ?? [], ...(suspend && { suspend }), ...(error && { error }) };
      }
    }
    return seq;
  }
}

/** What a Respond to Webhook node among these answered, the first one. */
export function responseIn(records: readonly { output: string | null; bytes?: Buffer | null }[]): WebhookResponse | null {
  for (const { output, bytes } of records) {
    const text = bytes ? bytes.toString("utf8") : output;
    if (!text?.includes('"response":')) continue;
    const { response } = JSON.parse(text) as StepOutput;
    if (response) return response;
  }
  return null;
}
