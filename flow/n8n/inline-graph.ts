import { FatalError } from "../execution/errors";
import { type Graph, graphSchema } from "../graph/schema";
import { readFlowJson } from "./read-flow";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A flow that another one brings along as JSON: a graph, an exported flow or a workflow of n8n.
 * @throws FatalError that says what it is not
 */
export function inlineGraph(given: unknown): Graph {
  try {
    if (isObject(given) && "nodes" in given && !("connections" in given)) return graphSchema.parse(given);
    return readFlowJson(given).flow.graph;
  } catch (cause) {
    throw new FatalError(`The flow given as JSON is no flow: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
