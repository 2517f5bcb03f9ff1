import type { Entry, StepRow } from "../rows";
import { newExecution } from "./scripts";

const AT = new Date("2026-05-04T03:02:01.123Z");

/** A record of a step that has succeeded. */
export const step = (seq: number, more: Partial<StepRow> = {}): StepRow => ({
  seq,
  key: `node-${seq}:0` as StepRow["key"],
  nodeId: `node-${seq}`,
  runIndex: 0,
  attempt: 1,
  status: "succeeded",
  effect: "pure",
  counts: [1, 0],
  sources: '[{"key":"in:0"}]',
  output: '{"outputs":[[{"json":{"said":"“ä\\\\ \\"{},"}}]]}',
  payloadId: null,
  error: null,
  wakeAt: null,
  startedAt: AT,
  finishedAt: AT,
  response: null,
  ...more,
});

/** What the journal is given of an execution that begins, and ends before it is recorded. */
export function entryOf(organizationId: string, more: { dedupeKey?: string; failed?: boolean; steps?: StepRow[] } = {}): Entry {
  const execution = newExecution(organizationId, "flow", {});
  execution.event.dedupeKey = more.dedupeKey ?? null;
  const steps = more.steps ?? [
    step(1),
    step(2, more.failed ? { status: "failed", output: null, counts: null, error: { message: "No" } as StepRow["error"] } : {}),
  ];
  return {
    owner: { executionId: execution.id, organizationId, settled() {} },
    executionId: execution.id,
    organizationId,
    start: {
      execution,
      draftGraph: null,
      input: '[{"json":{}}]',
      inputPayloadId: null,
      variables: "{}",
      eager: true,
      at: AT,
      policy: null,
    },
    steps,
    payloads: [],
    end: {
      status: more.failed ? "failed" : "succeeded",
      claimNo: 1,
      seq: steps.length,
      error: more.failed ? '{"nodeId":null,"nodeName":null,"message":"No"}' : null,
      lastKey: more.failed ? null : (steps.at(-1)?.key ?? null),
      wakeAt: null,
      wakeSeq: 0,
      finishedAt: AT,
      waited: false,
    },
  };
}
