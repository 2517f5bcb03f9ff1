import { z } from "zod";
import { type ReadFlow, readFlowJson } from "@/flow/n8n/read-flow";
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
  return createImported({ ctx, read: readExport(content), name, publish });
}

/** A new flow out of one that was read, with what it remembered. */
export async function createImported({
  ctx,
  read: { flow, report, remembered },
  name = flow.name,
  publish,
}: {
  ctx: ServiceContext;
  read: ReadFlow;
  name?: string;
  publish: boolean;
}): Promise<ImportedFlow> {
  const input = { name, description: flow.description, graph: flow.graph, publish };
  return { ...(await createFlow({ ctx, input, remembered })), name, report };
}

/** @throws ServiceError `invalid` in the importer's words */
export function readExport(content: unknown, options: { keeps?: boolean } = {}): ReadFlow {
  try {
    return readFlowJson(content, options);
  } catch (error) {
    if (!(error instanceof N8nImportError)) throw error;
    throw new ServiceError("invalid", error.message, { issues: [{ field: "content", message: error.message, code: "import" }] });
  }
}
