import { FatalError } from "@/flow/execution/errors";
import type { StepOutput, StepRef } from "@/flow/interpreter/host";
import { newPayloadId } from "../ids";
import type { ActiveRun } from "./active-run";
import type { PayloadRow, StepRow } from "./rows";

/** A step's output as the journal keeps it. @throws FatalError when it is no JSON, or too large */
export function serialised(output: StepOutput, maxOutputBytes: number): string {
  let text: string;
  try {
    text = JSON.stringify(output);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FatalError(`The node's output cannot be stored as JSON: ${reason}`, { cause });
  }
  if (text.length > maxOutputBytes) {
    const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;
    throw new FatalError(
      `The node's output has ${megabytes(text.length)}; at most ${megabytes(maxOutputBytes)} can be passed on. Return fewer items, or less of each`,
    );
  }
  return text;
}

/** What a record says beside the step that it is of. */
export type StepRecord = Omit<StepRow, "seq" | "key" | "nodeId" | "runIndex" | "effect" | "sources" | "output" | "payloadId"> & {
  text: string | null;
};

/** Adds a record to the run's journal; a large output goes to the payload store. */
export function recordStep(active: ActiveRun, step: StepRef, row: StepRecord): void {
  const { text } = row;
  const { inlineBytes } = active.environment.settings;
  let payload: PayloadRow | null = null;
  if (text !== null && text.length > inlineBytes / 3 && Buffer.byteLength(text) > inlineBytes) {
    payload = { id: newPayloadId(), ofStep: true, bytes: Buffer.from(text, "utf8") };
  }
  active.record(
    // Field by field: spread, this line would be the most expensive of a short step.
    {
      attempt: row.attempt,
      status: row.status,
      counts: row.counts,
      error: row.error,
      wakeAt: row.wakeAt,
      startedAt: row.startedAt,
      finishedAt: row.finishedAt,
      response: row.response,
      seq: active.nextSeq(),
      key: step.key,
      nodeId: step.nodeId,
      runIndex: step.runIndex,
      effect: step.effect,
      sources: step.sources.length > 0 ? JSON.stringify(step.sources) : null,
      output: payload ? null : text,
      payloadId: payload?.id ?? null,
    },
    payload,
    step.effect === "write" || row.response !== null,
  );
}
