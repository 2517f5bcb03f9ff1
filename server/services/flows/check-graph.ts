import type { Graph } from "@/flow/graph/schema";
import { type GraphIssue, validateGraph } from "@/flow/graph/validate";
import { triggerIssues } from "@/server/triggers/registration";
import { type Issue, ServiceError } from "../errors";
import { registry } from "../registry";

/** What is wrong with a graph beyond its shape: unknown types, broken parameters and expressions, loose edges, … */
export const checkGraph = (graph: Graph): GraphIssue[] => validateGraph(graph, registry);

const toIssue = (issue: GraphIssue): Issue => ({
  field: issue.field ?? "",
  message: issue.message,
  code: issue.severity,
  ...(issue.nodeName && { node: issue.nodeName }),
});

/**
 * Refuses a graph that cannot run.
 * @param concerns limits this to some of the nodes: what is unfinished elsewhere on the canvas keeps nothing from running
 * @throws ServiceError `invalid` naming node, field and reason of each error.
 */
export function assertRunnable(graph: Graph, concerns: (nodeId: string) => boolean = () => true): GraphIssue[] {
  return refuseErrors(checkGraph(graph).filter((issue) => issue.nodeId === null || concerns(issue.nodeId)));
}

/**
 * Refuses a graph that could not be registered: besides what `assertRunnable` says, what its triggers lack.
 * @throws ServiceError `invalid` naming node, field and reason of each error.
 */
export function assertPublishable(graph: Graph): GraphIssue[] {
  const issues = checkGraph(graph);
  const broken = new Set(issues.filter((issue) => issue.severity === "error").map((issue) => issue.nodeId));
  return refuseErrors([...issues, ...triggerIssues(graph).filter((issue) => !broken.has(issue.nodeId))]);
}

/** @throws ServiceError `invalid` when one of the issues is an error */
export function refuseErrors(issues: GraphIssue[]): GraphIssue[] {
  const errors = issues.filter((issue) => issue.severity === "error");
  // What is wrong with a node says more than what the flow as a whole lacks.
  const first = errors.find((issue) => issue.nodeId !== null) ?? errors[0];
  if (!first) return issues;
  const where = first.nodeName ? `Node "${first.nodeName}"${first.field ? `, field "${first.field}"` : ""}: ` : "The flow ";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new ServiceError("invalid", `${where}${first.message}${more}`, { issues: errors.map(toIssue) });
}
