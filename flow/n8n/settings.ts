import { IANAZone } from "luxon";
import type { FlowSettings, GraphNode, NodeSettings } from "../graph/schema";
import type { JsonObject } from "../item";
import type { ImportIssue } from "./report";
import type { N8nNode } from "./schema";

const MAX_TRIES = 20;
const MAX_WAIT_MS = 86_400_000;
const MAX_TIMEOUT_MS = 366 * 86_400_000;

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, Math.round(value)));

/** How a node runs: once, with errors, again; undefined where nothing is set. */
export function nodeSettings(node: N8nNode): NodeSettings | undefined {
  const onError =
    node.onError === "continueErrorOutput"
      ? "errorOutput"
      : node.onError === "continueRegularOutput" || (node.onError === undefined && node.continueOnFail)
        ? "continue"
        : undefined;
  const settings: NodeSettings = {
    ...(node.alwaysOutputData && { alwaysOutputData: true }),
    ...(node.executeOnce && { executeOnce: true }),
    ...(onError && { onError }),
    ...(node.retryOnFail && {
      retry: {
        maxAttempts: clamp(node.maxTries ?? 3, 1, MAX_TRIES),
        waitMs: clamp(node.waitBetweenTries ?? 1000, 0, MAX_WAIT_MS),
        backoff: "fixed" as const,
      },
    }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}

/** What belongs to n8n's own way of keeping executions: nothing that a person would miss. */
const WITHOUT_MEANING: ReadonlySet<string> = new Set([
  "saveManualExecutions",
  "saveExecutionProgress",
  "saveDataErrorExecution",
  "saveDataSuccessExecution",
  // Read together with `callerPolicy`.
  "callerIds",
  "availableInMCP",
  "binaryMode",
  "timeSavedPerExecution",
  "timeSavedMode",
]);

/** Settings of the workflow as a whole. */
export function flowSettings(settings: JsonObject, issues: ImportIssue[]): FlowSettings {
  const report = (severity: ImportIssue["severity"], field: string, message: string): void =>
    void issues.push({ severity, node: null, type: null, field, message });
  const result: FlowSettings = {};
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || value === "" || value === "DEFAULT" || WITHOUT_MEANING.has(name)) continue;
    if (name === "timezone") {
      if (typeof value === "string" && IANAZone.isValidZone(value)) result.timezone = value;
      else report("missing", name, `${JSON.stringify(value)} is no time zone; UTC is used`);
    } else if (name === "errorWorkflow") {
      if (typeof value === "string") result.errorFlow = value.slice(0, 200);
      report("missing", name, `names the workflow ${JSON.stringify(value)}: import it, too, and choose it as this flow's error flow`);
    } else if (name === "callerPolicy") {
      if (value === "none") result.callers = { policy: "none", flowIds: [] };
      else if (value === "workflowsFromAList") {
        const flowIds = String(settings.callerIds ?? "")
          .split(",")
          .map((id) => id.trim().slice(0, 200))
          .filter((id) => id !== "");
        result.callers = { policy: "list", flowIds: flowIds.slice(0, 200) };
        report("missing", name, "names workflows that may run this one: import them, too, and list them in this flow's settings");
      }
    } else if (name === "executionOrder") {
      if (value !== "v1") report("changed", name, "branches run one after the other, topmost first (v1); there all began at once (v0)");
    } else if (name === "executionTimeout") {
      // Seconds; below zero there is no limit.
      if (typeof value === "number" && value > 0) result.timeoutMs = Math.min(value * 1000, MAX_TIMEOUT_MS);
    } else report("missing", name, `${JSON.stringify(value).slice(0, 100)} has no counterpart`);
  }
  if (settings.executionOrder === undefined) {
    report("note", "executionOrder", "is not set: branches run one after the other, topmost first (v1)");
  }
  return result;
}

/** Accounts by name; the first versions of n8n kept just that. */
export function credentialReferences(node: N8nNode): NonNullable<GraphNode["credentials"]> {
  const references: NonNullable<GraphNode["credentials"]> = {};
  for (const [type, value] of Object.entries(node.credentials)) {
    if (type.length > 100) continue;
    const { id, name } = typeof value === "object" && value !== null && !Array.isArray(value) ? value : { id: null, name: value };
    references[type] = {
      ...(typeof id === "string" && id !== "" && { id: id.slice(0, 200) }),
      ...(typeof name === "string" && { name: name.slice(0, 200) }),
    };
  }
  return references;
}
