import { type FlowFile, flowFileSchema } from "../graph/schema";
import { readSteps } from "../steps/read-steps";
import { isStepsFlow } from "../steps/schema";
import { importN8n } from "./import";
import type { ImportReport } from "./report";
import { isN8nWorkflow, N8nImportError } from "./schema";
import type { Remembered } from "./static-data";

export interface ReadFlow {
  flow: FlowFile;
  /** What the import made of a workflow of n8n or of a list of steps; null for a flow of our own. */
  report: ImportReport | null;
  /** What a workflow of n8n remembered between executions. */
  remembered: Remembered[];
}

/** Whether JSON is a flow in another form than ours: `readFlowJson` converts it. */
export const isForeignFlow = (json: unknown): boolean => isN8nWorkflow(json) || isStepsFlow(json);

/**
 * A flow from JSON, wherever it comes from: an export of ours, a workflow of n8n, or a list of steps.
 * @param options See `importN8n`
 * @throws N8nImportError that says what the JSON is not
 */
export function readFlowJson(json: unknown, options: { keeps?: boolean } = {}): ReadFlow {
  if (isN8nWorkflow(json)) return importN8n(json, options);
  if (isStepsFlow(json)) return { ...readSteps(json), remembered: [] };
  if (typeof json !== "object" || json === null || !("graph" in json)) {
    throw new N8nImportError("This is neither a flow nor an n8n workflow: it has neither a graph nor a list of nodes with their types");
  }
  const parsed = flowFileSchema.safeParse(json);
  if (parsed.success) return { flow: parsed.data, report: null, remembered: [] };
  const issue = parsed.error.issues[0];
  throw new N8nImportError(`The flow can't be read: ${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}
