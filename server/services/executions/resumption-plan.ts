import { z } from "zod";
import { type PlannedVisit, planResumption, type ResumePlan } from "@/flow/interpreter/resume-plan";
import type { Reason } from "@/flow/interpreter/reuse";
import type { Effect } from "@/flow/node/define-node";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { type ResumptionCase, resumptionCase, resumptionTargetSchema } from "./resumption-target";

export const resumptionPlanSchema = z.object({
  id: idSchema,
  target: resumptionTargetSchema.default("draft"),
  /** Completed writes are kept where their node or what comes in was changed; else they are done again. */
  keepWrites: z.boolean().default(true),
});

export interface PlannedSteps {
  reuse: number;
  keep: number;
  maybe: number;
  run: number;
  /** Writes that were done and are, or may be, done once more. */
  repeatedWrites: number;
  /** Writes that were cut off, may have taken effect, and run. */
  unclearWrites: number;
}

export interface PlannedNode extends PlannedSteps {
  nodeId: string;
  nodeName: string;
  effect: Effect;
  /** Sentences, each once. */
  reasons: string[];
}

export interface ResumptionPlan extends PlannedSteps {
  id: string;
  flowId: string;
  /** Version that it goes on with; null for the draft, or the draft as it was. */
  flowVersion: number | null;
  /** Of the draft that the plan is of: give it when you start, and a draft that was changed meanwhile is refused. */
  revision: number;
  /** In the order in which they come. */
  nodes: PlannedNode[];
  /** Nodes that come after steps whose results nobody knows yet. */
  following: string[];
  /** Nodes that ran and are not in the flow any more. */
  gone: { nodeName: string; visits: number }[];
}

/** What resuming an ended execution would take over, and what would run. Changes nothing. */
export async function resumptionPlan({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof resumptionPlanSchema>;
}): Promise<ResumptionPlan> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id, target, keepWrites } = parse(resumptionPlanSchema, input);
  const found = await resumptionCase(organizationId, id, target);
  const plan = planOf(found, keepWrites);
  return {
    id,
    flowId: found.flow.id,
    flowVersion: found.flowVersion,
    revision: found.flow.revision,
    ...countSteps(plan.visits),
    nodes: nodesOf(plan, (nodeId) => found.prepared.index.byId.get(nodeId)?.name ?? nodeId),
    following: plan.following.map(({ nodeName }) => nodeName),
    gone: plan.gone.map(({ nodeName, visits }) => ({ nodeName, visits })),
  };
}

export function planOf({ graph, prepared, earlier, execution, usesPins }: ResumptionCase, keepWrites: boolean): ResumePlan {
  const given = execution.variables === null ? {} : (JSON.parse(execution.variables) as typeof graph.variables);
  const variables = { ...graph.variables, ...given };
  return planResumption(earlier, { graph: prepared, variables, timezone: graph.settings.timezone ?? "UTC" }, { keepWrites, usesPins });
}

export function countSteps(visits: readonly PlannedVisit[]): PlannedSteps {
  const counts: PlannedSteps = { reuse: 0, keep: 0, maybe: 0, run: 0, repeatedWrites: 0, unclearWrites: 0 };
  for (const visit of visits) {
    counts[visit.does]++;
    if (visit.effect === "write" && visit.isRepeated) counts.repeatedWrites++;
    if (visit.mayHaveHappened) counts.unclearWrites++;
  }
  return counts;
}

function nodesOf({ visits }: ResumePlan, nameOf: (nodeId: string) => string): PlannedNode[] {
  const byNode = new Map<string, PlannedVisit[]>();
  for (const visit of visits) byNode.set(visit.nodeId, [...(byNode.get(visit.nodeId) ?? []), visit]);
  return [...byNode].map(([nodeId, ofNode]) => ({
    nodeId,
    nodeName: nameOf(nodeId),
    effect: ofNode[0]!.effect,
    ...countSteps(ofNode),
    reasons: [...new Set(ofNode.flatMap(({ reason }) => (reason ? [sentence(reason, nameOf)] : [])))],
  }));
}

const PARTS: Record<Extract<Reason, { kind: "changed" }>["what"][number], string> = {
  type: "its type",
  parameters: "its parameters",
  settings: "its settings",
  credentials: "its credential",
  disabled: "whether it is disabled",
  pinned: "its pinned data",
  variables: "variables of the flow that it reads",
  timezone: "the flow's time zone",
};

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

function sentence(reason: Reason, nameOf: (nodeId: string) => string): string {
  switch (reason.kind) {
    case "new":
      return "It did not run before";
    case "failed":
      return "It failed";
    case "unfinished":
      return "It was under way when the execution ended";
    case "cut-off":
      return "It was cut off: it may have taken effect";
    case "changed":
      return `Changed: ${reason.what.map((part) => PARTS[part]).join(", ")}`;
    case "rewired":
      return "Its items come from other steps now";
    case "input":
      return `Its items come from ${list(reason.nodeIds.map(nameOf))}, which may give something else now`;
    case "reads":
      return `It reads ${list(reason.nodeIds.map(nameOf))}, which may give something else now`;
  }
}
