import { createHash } from "node:crypto";
import { type ExpressionScope, evaluateTemplate, toJson } from "@/flow/expression/template";
import type { Concurrency, Debounce, Throttle } from "@/flow/graph/schema";
import { logger } from "../logger";
import type { NewExecution } from "./engine";

/** Why an execution is cancelled that a later one of its flow takes the place of. */
export const REPLACED = "A later execution took its place, as the flow's settings say";

/** What a flow says about one of its executions, keys evaluated. Null where it says nothing. */
export interface ExecutionPolicy {
  priority: number;
  /** Milliseconds. */
  timeoutMs: number | null;
  concurrency: (Omit<Concurrency, "key"> & { key: string }) | null;
  debounce: (Omit<Debounce, "key"> & { key: string }) | null;
  throttle: (Omit<Throttle, "key"> & { key: string }) | null;
}

/**
 * The policy of an execution that is about to be recorded; null for nearly all: its flow says nothing. Runs by hand start at
 * once, and what is run again does not give way to what comes after it.
 */
export function policyOf(execution: NewExecution): ExecutionPolicy | null {
  const { concurrency, debounce, throttle, timeoutMs, priority } = execution.graph.settings;
  if (!concurrency && !debounce && !throttle && timeoutMs === undefined && !priority) return null;
  const arrives = execution.mode !== "manual";
  return {
    priority: priority ?? 0,
    timeoutMs: timeoutMs ?? null,
    concurrency: arrives && concurrency ? { ...concurrency, key: keyOf(execution, concurrency.key) } : null,
    debounce: arrives && debounce && execution.mode !== "retry" ? { ...debounce, key: keyOf(execution, debounce.key) } : null,
    throttle: arrives && throttle ? { ...throttle, key: keyOf(execution, throttle.key) } : null,
  };
}

const LONGEST_KEY = 200;

/** Within the flow. One whose template fails shares the limit with those that have no value: an arrival is never lost for it. */
function keyOf(execution: NewExecution, template: string | undefined): string {
  if (template === undefined || template.trim() === "") return execution.flowId;
  let value = "";
  try {
    const given = toJson(evaluateTemplate(template, startScope(execution), 0)) ?? null;
    value = typeof given === "string" ? given : JSON.stringify(given);
  } catch (error) {
    logger.warn({ err: error, flowId: execution.flowId, executionId: execution.id }, "the key of a flow's limit could not be evaluated");
  }
  // Keys are columns of indexes, and a database's text has no null character.
  const short = value.length <= LONGEST_KEY && !value.includes("\u0000");
  return `${execution.flowId}:${short ? value : createHash("sha256").update(value).digest("hex")}`;
}

/** What is known before anything has run: the items that start it. */
export function startScope(execution: NewExecution): ExpressionScope {
  const { items, graph, variables } = execution;
  return {
    items,
    inputs: [items],
    runIndex: 0,
    node: () => undefined,
    nodeNames: [],
    previousNode: null,
    parameters: {},
    variables: { ...graph.variables, ...variables },
    workflow: { id: execution.flowId, name: execution.flowName, active: true },
    execution: { id: execution.id, mode: "production", resumeUrl: "" },
    env: {},
    vars: {},
    trigger: items[0]?.json ?? {},
    now: Date.now(),
    timezone: graph.settings.timezone ?? "UTC",
  };
}
