import type { FrozenGraph } from "../../graph/schema";
import type { JsonObject } from "../../item";
import type { EarlierRun, EarlierVisit } from "../earlier-run";
import type { MemoryRun } from "../memory-host";
import { withNamesOf } from "../node-change";
import { prepareGraph } from "../prepare";
import { planResumption, type ResumePlan } from "../resume-plan";
import { testRegistry } from "./registry";
import { runSketch } from "./run";

function stateOf(status: MemoryRun["steps"][number]["status"]): EarlierVisit["state"] {
  if (status === "succeeded") return "done";
  if (status === "cancelled") return "cut-off";
  return status === "failed" ? "failed" : "unfinished";
}

/** A run of a sketch as what one of another graph takes over. */
function earlierRun(then: FrozenGraph, run: MemoryRun, now: FrozenGraph): EarlierRun {
  const visits = run.steps.map((step) => ({
    key: step.key,
    nodeId: step.nodeId,
    state: stateOf(step.status),
    effect: step.effect,
    sources: step.sources,
    counts: step.outputs.map((items) => items.length),
  }));
  return {
    graph: prepareGraph(withNamesOf(then, now), testRegistry),
    triggerNodeId: "Start",
    visits: new Map(visits.map((visit) => [visit.key, visit])),
    variables: then.variables,
    timezone: "UTC",
  };
}

export const planOf = (then: FrozenGraph, run: MemoryRun, now: FrozenGraph, keepWrites = true): ResumePlan =>
  planResumption(
    earlierRun(then, run, now),
    { graph: prepareGraph(now, testRegistry), variables: now.variables, timezone: "UTC" },
    { keepWrites, usesPins: true },
  );

/** Runs `now`, taking over what `run` of `then` did. */
export const resumeSketch = (
  then: FrozenGraph,
  run: MemoryRun,
  now: FrozenGraph,
  { items, keepWrites = true, maxVisits }: { items?: JsonObject[]; keepWrites?: boolean; maxVisits?: number } = {},
): Promise<MemoryRun> =>
  runSketch(now, items, {
    ...(maxVisits !== undefined && { maxVisits }),
    resumption: {
      earlier: earlierRun(then, run, now),
      keepWrites,
      lineage: "earlier",
      outputs: async (key) => run.steps.find((step) => step.key === key)?.outputs ?? null,
    },
  });

/** Keys by what became of them. */
export const taken = (run: MemoryRun) => ({
  earlier: run.steps.filter(({ given }) => given === "earlier").map(({ key }) => key),
  ran: run.steps.filter(({ given }) => given === undefined).map(({ key }) => key),
});
