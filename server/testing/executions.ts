import type { ExecutionStatus } from "@/flow/execution/status";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { StepOutput } from "@/flow/interpreter/host";
import { manualTrigger } from "@/nodes/manual-trigger/definition";
import { set } from "@/nodes/set/definition";
import type { Execution } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";

/** Manual Trigger → Edit Fields, by the names `Start` and `Fields`. */
export const twoStepGraph = (parameters: Graph["variables"] = {}): Graph =>
  graphSchema.parse({
    nodes: [
      { id: "start", name: "Start", type: manualTrigger.type, version: manualTrigger.version, position: { x: 0, y: 0 } },
      { id: "fields", name: "Fields", type: set.type, version: set.version, position: { x: 240, y: 0 }, parameters },
    ],
    edges: [{ id: "e", source: "start", target: "fields" }],
  });

/** A webhook with the given parameters, alone. */
export const hookGraph = (parameters: Graph["variables"] = {}): Graph =>
  graphSchema.parse({
    nodes: [{ id: "hook", name: "Webhook", type: "webhook-trigger", version: 1, position: { x: 0, y: 0 }, parameters }],
    edges: [],
  });

interface JournalStep {
  nodeId: string;
  output?: StepOutput | { payload: StepOutput["outputs"][number][number]["json"] };
  status?: string;
  attempt?: number;
  sources?: ({ key: string; output: number } | null)[];
  error?: { name: string; message: string };
}

/** An execution of a draft with its journal, as an engine would have left it. */
export async function recordExecution(values: {
  organizationId: string;
  flowId: string;
  status?: ExecutionStatus;
  graph?: Graph;
  steps?: JournalStep[];
}): Promise<Execution> {
  const { organizationId, flowId, status = "succeeded", graph = twoStepGraph(), steps = [] } = values;
  const ended = status === "succeeded" || status === "failed" || status === "cancelled" || status === "timed_out";
  const id = newExecutionId();
  const execution = await db().execution.create({
    data: {
      id,
      organizationId,
      flowId,
      draftGraph: JSON.stringify(graph),
      mode: "manual",
      status,
      seq: steps.length + (ended ? 1 : 0),
      triggerNodeId: "start",
      input: JSON.stringify([{ json: { n: 1 } }]),
      error: status === "failed" ? JSON.stringify({ nodeId: "fields", nodeName: "Fields", message: "It broke" }) : null,
      startedAt: new Date(),
      finishedAt: ended ? new Date() : null,
    },
  });
  await db().triggerEvent.create({ data: { id: newTriggerEventId(), organizationId, flowId, type: "manual", executionId: id } });
  await db().executionStep.createMany({
    data: steps.map((step, index) => ({
      executionId: id,
      organizationId,
      seq: index + 1,
      key: `${step.nodeId}#0`,
      nodeId: step.nodeId,
      runIndex: 0,
      attempt: step.attempt ?? 1,
      status: step.status ?? "succeeded",
      effect: "pure",
      counts: step.output && "outputs" in step.output ? step.output.outputs.map((items) => items.length) : [],
      sources: JSON.stringify(step.sources ?? []),
      output: step.output ? JSON.stringify(step.output) : null,
      error: step.error ? JSON.stringify(step.error) : null,
      startedAt: new Date(),
      finishedAt: new Date(),
    })),
  });
  return execution;
}
