import { z } from "zod";
import type { JsonObject } from "../../item";
import {
  flowSettingsSchema,
  type Graph,
  graphEdgeSchema,
  graphNodeSchema,
  graphSchema,
  nodeSettingsSchema,
  pinnedItemSchema,
} from "../schema";

const parameters = graphNodeSchema.shape.parameters as unknown as z.ZodType<JsonObject>;

/** Every edit of a graph, as data: editor, API and import speak it, and each has an inverse. */
export const graphOperationSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("addNodes"),
    nodes: z.array(graphNodeSchema),
    edges: z.array(graphEdgeSchema),
    /** Where in the lists they go, ascending; at the end when absent. */
    nodeIndexes: z.array(z.number().int().nonnegative()).optional(),
    edgeIndexes: z.array(z.number().int().nonnegative()).optional(),
  }),
  z.object({ type: z.literal("removeNodes"), nodeIds: z.array(z.string()) }),
  z.object({ type: z.literal("moveNodes"), positions: z.record(z.string(), z.object({ x: z.number(), y: z.number() })) }),
  z.object({
    type: z.literal("connect"),
    edges: z.array(graphEdgeSchema),
    edgeIndexes: z.array(z.number().int().nonnegative()).optional(),
  }),
  z.object({ type: z.literal("disconnect"), edgeIds: z.array(z.string()) }),
  z.object({ type: z.literal("updateParameters"), nodeId: z.string(), parameters }),
  z.object({ type: z.literal("updateSettings"), nodeId: z.string(), settings: nodeSettingsSchema }),
  z.object({ type: z.literal("updateNotes"), nodeId: z.string(), notes: z.string() }),
  /** Which credentials the node uses, by slot. */
  z.object({ type: z.literal("setCredentials"), nodeId: z.string(), credentials: graphNodeSchema.shape.credentials.unwrap() }),
  /** Null: the node runs again. */
  z.object({ type: z.literal("setPinned"), nodeId: z.string(), pinned: z.array(pinnedItemSchema).max(10_000).nullable() }),
  z.object({ type: z.literal("renameNode"), nodeId: z.string(), name: z.string().trim().min(1).max(200) }),
  z.object({ type: z.literal("setDisabled"), nodeIds: z.array(z.string()), disabled: z.boolean() }),
  z.object({ type: z.literal("updateFlowSettings"), settings: flowSettingsSchema }),
  z.object({ type: z.literal("replaceGraph"), graph: graphSchema }),
  /** Several edits as one step of undo. */
  z.object({
    type: z.literal("batch"),
    get operations(): z.ZodArray<z.ZodType> {
      return z.array(graphOperationSchema);
    },
  }),
]);

type Parsed = z.infer<typeof graphOperationSchema>;
export type GraphOperation = Exclude<Parsed, { type: "batch" }> | { type: "batch"; operations: GraphOperation[] };

export interface Applied {
  graph: Graph;
  /** Takes the graph back to what it was. */
  inverse: GraphOperation;
}

/** Inserts entries at their final indexes, or at the end. */
export function insertAt<T>(list: readonly T[], entries: readonly T[], indexes?: readonly number[]): T[] {
  if (!indexes) return [...list, ...entries];
  const result = [...list];
  entries.forEach((entry, position) => {
    result.splice(indexes[position] ?? result.length, 0, entry);
  });
  return result;
}

/** An operation that does not fit the graph: names what is missing or in the way. */
export class GraphOperationError extends Error {
  override name = "GraphOperationError";
}
