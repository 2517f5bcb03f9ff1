import { z } from "zod";
import { readFlowJson } from "@/flow/n8n/read-flow";
import type { ImportReport } from "@/flow/n8n/report";
import { N8nImportError } from "@/flow/n8n/schema";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { line, parse } from "../parse";
import { type CreatedFlow, createFlow } from "./create";

export const importFlowSchema = z.object({
  /** JSON: a workflow that n8n exported, or a flow that this product did. */
  content: z.unknown(),
  /** In place of the name that it brings. */
  name: line(200).optional(),
  publish: z.boolean().default(false),
});

export interface ImportedFlow extends CreatedFlow {
  name: string;
  /** What became of the nodes of an n8n workflow; null for a flow of our own. */
  report: ImportReport | null;
}

/**
 * A new flow out of an exported one.
 * @throws ServiceError `invalid` for JSON that is no flow, and as `createFlow`
 */
export async function importFlow({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof importFlowSchema> }): Promise<ImportedFlow> {
  authorize(ctx, "editor");
  const { content, name, publish } = parse(importFlowSchema, input);
  const { flow, report } = readExport(content);
  const chosen = name ?? flow.name;
  const created = await createFlow({ ctx, input: { name: chosen, description: flow.description, graph: flow.graph, publish } });
  return { ...created, name: chosen, report };
}

/** @throws ServiceError `invalid` in the importer's words */
export function readExport(content: unknown): ReturnType<typeof readFlowJson> {
  try {
    return readFlowJson(content);
  } catch (error) {
    if (!(error instanceof N8nImportError)) throw error;
    throw new ServiceError("invalid", error.message, { issues: [{ field: "content", message: error.message, code: "import" }] });
  }
}
