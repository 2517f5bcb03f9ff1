import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

/** Where n8n keeps which workflow is meant: a text, or since version 1.1 a locator. */
function workflowId(source: Source): string {
  const given = source.get("workflowId");
  const value = typeof given === "object" && given !== null && !Array.isArray(given) ? given.value : given;
  return value === null || value === undefined ? "" : String(value);
}

/** Fields that n8n gives the other workflow, since version 1.2. */
function fieldsOf(source: Source): JsonObject[] | null {
  const inputs = source.object("workflowInputs");
  const values = inputs.value;
  if (inputs.mappingMode !== "defineBelow" || typeof values !== "object" || values === null || Array.isArray(values)) return null;
  const fields = Object.entries(values).map(([name, value]) => ({ name, value }));
  return fields.length > 0 ? fields : null;
}

/** Execute Workflow 1–1.2, now called Execute Sub-workflow. */
export const executeWorkflow: NodeMapping = (source): Mapped => {
  const from = source.option("source", { database: "flow", parameter: "json", localFile: "file", url: "url" }, "database");
  if (from === "file" || from === "url") {
    source.ignore("workflowPath", "workflowUrl");
    return { type: "execute-flow", parameters: {}, placeholder: "runs a workflow from a file or a URL, which has no counterpart" };
  }
  const fields = fieldsOf(source);
  const parameters: JsonObject = {
    source: from,
    mode: source.option("mode", { once: "once", each: "each" }, "once"),
    waits: source.flag("options.waitForSubWorkflow", true) as Json,
    // n8n runs them one after the other.
    parallel: 1,
    ...(fields && { inputs: "fields", fields }),
  };
  if (from === "json") return { type: "execute-flow", parameters: { ...parameters, flowJson: source.value("workflowJson", "{}") } };
  const flowId = workflowId(source);
  if (!flowId.startsWith("=")) source.missing("workflowId", `names the workflow "${flowId}": import it, too, and choose it here`);
  return { type: "execute-flow", parameters: { ...parameters, flowId } };
};

const TYPES = { any: "any", string: "string", number: "number", boolean: "boolean", array: "array", object: "object" };

/** Execute Workflow Trigger 1–1.1. */
export const executeWorkflowTrigger: NodeMapping = (source): Mapped => {
  const accepts =
    source.version < 1.1
      ? "all"
      : source.option("inputSource", { workflowInputs: "fields", jsonExample: "example", passthrough: "all" }, "workflowInputs");
  source.ignore("events");
  const fields = source.list("workflowInputs.values").map(({ name, type }) => ({
    name: String(name ?? ""),
    type: TYPES[String(type ?? "string") as keyof typeof TYPES] ?? "any",
  }));
  const parameters: JsonObject = {
    accepts: accepts === "fields" && fields.length === 0 ? "all" : accepts,
    ...(accepts === "fields" && { fields }),
    ...(accepts === "example" && { example: source.value("jsonExample", "{}") }),
  };
  return { type: "flow-trigger", parameters, inputs: [] };
};

/** Error Trigger 1. */
export const errorTrigger: NodeMapping = () => ({ type: "error-trigger", parameters: {}, inputs: [] });
