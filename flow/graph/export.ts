import type { Json, JsonObject } from "../item";
import { type FlowFile, flowFileSchema, graphEdgeSchema, graphNodeSchema, graphSchema } from "./schema";

const ordered = (value: JsonObject, keys: readonly string[]): JsonObject => {
  const result: JsonObject = {};
  for (const key of keys) if (value[key] !== undefined) result[key] = value[key];
  // What a later version added stays, behind what is known.
  for (const key of Object.keys(value).sort()) if (!Object.hasOwn(result, key) && value[key] !== undefined) result[key] = value[key];
  return result;
};

/** Keys in the order of the alphabet, all the way down: two exports of the same thing are the same text. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .flatMap((key): [string, Json][] => (value[key] === undefined ? [] : [[key, sorted(value[key] as Json)]])),
  );
}

const sortedParts = (value: object, keys: readonly string[]): JsonObject => {
  const parts = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, sorted(part as Json)]));
  return ordered(parts, keys);
};

/**
 * A flow as JSON whose keys stand in a fixed order: what is of the schema as the schema has it, what people put in by the
 * alphabet. Nodes and edges keep their order. Nothing is lost: reading it gives the same flow.
 */
export function exportFlow(flow: FlowFile): JsonObject {
  const { graph } = flow;
  return ordered(
    {
      ...(flow as unknown as JsonObject),
      graph: ordered(
        {
          ...(graph as unknown as JsonObject),
          nodes: graph.nodes.map((node) => sortedParts(node, Object.keys(graphNodeSchema.shape))),
          edges: graph.edges.map((edge) => sortedParts(edge, Object.keys(graphEdgeSchema.shape))),
          settings: sorted(graph.settings as unknown as Json),
          variables: sorted(graph.variables),
        },
        Object.keys(graphSchema.shape),
      ),
    },
    Object.keys(flowFileSchema.shape),
  );
}

/** A flow as the text of a file. */
export const flowFileText = (flow: FlowFile): string => `${JSON.stringify(exportFlow(flow), null, 2)}\n`;
