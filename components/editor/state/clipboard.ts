import { z } from "zod";
import { flowFileSchema, graphEdgeSchema, graphNodeSchema } from "@/flow/graph/schema";
import { importN8n } from "@/flow/n8n/import";
import type { ImportReport } from "@/flow/n8n/report";
import { isN8nWorkflow, N8nImportError } from "@/flow/n8n/schema";
import type { Fragment } from "./edits";

const clipboardSchema = z.object({
  tolstoy: z.literal("nodes"),
  nodes: z.array(graphNodeSchema).min(1).max(2000),
  edges: z.array(graphEdgeSchema).max(10_000),
});

/** What copying nodes puts on the system clipboard: text that also reads well in a message or a file. */
export const toClipboardText = (fragment: Fragment): string => JSON.stringify({ tolstoy: "nodes", ...fragment }, null, 2);

/** Nodes that were pasted; `report` tells what became of those of an n8n workflow. */
export type Pasted = { fragment: Fragment; report?: ImportReport } | { error: string };

/**
 * Nodes from pasted text: copied nodes, a flow file, or what n8n copies and exports. Null for text that is something else, a
 * message for nodes that are malformed. Edges with an end that is missing are dropped.
 */
export function parseClipboardText(text: string): Pasted | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  if ("tolstoy" in value) {
    const parsed = clipboardSchema.safeParse(value);
    return parsed.success ? { fragment: closed(parsed.data) } : { error: reason(parsed.error) };
  }
  if ("graph" in value) {
    const parsed = flowFileSchema.safeParse(value);
    if (!parsed.success) return { error: reason(parsed.error) };
    return parsed.data.graph.nodes.length === 0 ? { error: "The flow has no nodes" } : { fragment: closed(parsed.data.graph) };
  }
  return isN8nWorkflow(value) ? fromN8n(value) : null;
}

function fromN8n(value: unknown): Pasted {
  try {
    const { flow, report } = importN8n(value, { keeps: false });
    return flow.graph.nodes.length === 0 ? { error: "The workflow has no nodes" } : { fragment: flow.graph, report };
  } catch (error) {
    if (error instanceof N8nImportError) return { error: error.message };
    throw error;
  }
}

function closed({ nodes, edges }: Fragment): Fragment {
  const ids = new Set(nodes.map((node) => node.id));
  return { nodes, edges: edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)) };
}

function reason(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join(".")}: ${issue.message}` : "The nodes are malformed";
}
