import { z } from "zod";
import type { StepOutput } from "@/flow/interpreter/host";
import type { Suspension } from "@/flow/node/context";
import { db } from "@/server/db";
import { readPayloadText } from "./payloads";
import { jsonColumn } from "./read";

const storedOutputSchema = z.custom<StepOutput>((value) => typeof value === "object" && value !== null);

/** A visit that waits for an event. */
export interface WaitingStep {
  key: string;
  nodeId: string;
  suspend: Extract<Suspension, { kind: "event" }>;
}

/** Name under which an event finds the wait of a step. */
export const resumeCorrelation = (executionId: string, key: string): string => `${executionId}:${key}`;

/** Visits of an execution that wait for a call or a decision, in journal order. */
export async function waitingSteps(executionId: string): Promise<WaitingStep[]> {
  const rows = await db().executionStep.findMany({
    where: { executionId },
    select: { key: true, nodeId: true, status: true, seq: true },
    orderBy: { seq: "asc" },
  });
  const latest = new Map(rows.map((row) => [row.key, row]));
  const waiting = [...latest.values()].filter((row) => row.status === "waiting");
  const steps = await Promise.all(
    waiting.map(async ({ key, nodeId, seq }) => {
      const row = await db().executionStep.findUnique({
        where: { executionId_seq: { executionId, seq } },
        select: { output: true, payloadId: true },
      });
      const suspend = row && jsonColumn(storedOutputSchema, await readPayloadText(row.output, row.payloadId))?.suspend;
      return suspend?.kind === "event" && suspend.event === "resume" ? { key, nodeId, suspend } : null;
    }),
  );
  return steps.filter((step) => step !== null);
}
