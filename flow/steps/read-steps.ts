import { uniqueName } from "../graph/names";
import type { FlowFile, GraphEdge, GraphNode, NodeSettings } from "../graph/schema";
import type { Json, JsonObject } from "../item";
import type { ImportIssue, ImportReport } from "../n8n/report";
import { N8nImportError } from "../n8n/schema";
import { detectLanguage } from "./detect-language";
import { STEP_TYPES, type Step, type StepsFlow, stepsFlowSchema } from "./schema";
import { condition, stepCode } from "./step-code";

const COLUMN = 260;

/**
 * A list of steps as a flow: a node for each, one after the other, and before a step with a condition an If node around it.
 * @throws N8nImportError that names the step and what is wrong with it
 */
export function readSteps(json: unknown): { flow: FlowFile; report: ImportReport } {
  const given = parse(json);
  const issues: ImportIssue[] = [];
  const nodes: GraphNode[] = [node("start", "Start", "manual-trigger", {}, 0)];
  const edges: GraphEdge[] = [];
  let open: { id: string; handle: string }[] = [{ id: "start", handle: "main" }];
  const lead = (target: string): void => {
    for (const { id, handle } of open) {
      edges.push({ id: `edge-${edges.length + 1}`, source: id, sourceHandle: handle, target, targetHandle: "main" });
    }
  };
  const names = new Set(["Start", ...given.steps.map(({ id }) => id)]);
  given.steps.forEach((step, index) => {
    const earlier = given.steps.slice(0, index).map(({ id }) => id);
    const id = `step-${index + 1}`;
    const skipped: typeof open = [];
    if (step.executeIf !== undefined && step.executeIf.trim() !== "") {
      const name = uniqueName(names, `${step.id}?`);
      names.add(name);
      nodes.push(node(`${id}-if`, name, "if", { conditions: holds(condition(step.executeIf, earlier)) }, nodes.length));
      lead(`${id}-if`);
      skipped.push({ id: `${id}-if`, handle: "false" });
      open = [{ id: `${id}-if`, handle: "true" }];
    }
    const { type, parameters } = nodeOf(step, earlier, issues);
    const settings = settingsOf(step);
    nodes.push({
      ...node(id, step.id, type, parameters, nodes.length),
      ...(settings && { settings }),
      ...(step.name !== undefined && step.name !== "" && { notes: step.name }),
    });
    lead(id);
    open = [{ id, handle: "main" }, ...skipped];
  });
  const { name = "Imported steps", description, variables } = given;
  return {
    flow: { name, ...(description !== undefined && { description }), graph: { nodes, edges, settings: {}, variables } },
    report: { nodes: { total: given.steps.length, converted: given.steps.length, placeholders: 0, notes: 0 }, credentials: [], issues },
  };
}

function parse(json: unknown): StepsFlow {
  const parsed = stepsFlowSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const isType = issue?.path.at(-1) === "type";
    throw new N8nImportError(
      `The steps can't be read: ${issue?.path.join(".")}: ${isType ? `is none of ${STEP_TYPES.join(", ")}` : issue?.message}`,
    );
  }
  const seen = new Set<string>(["Start"]);
  for (const { id } of parsed.data.steps) {
    if (seen.has(id)) throw new N8nImportError(`The steps can't be read: the id "${id}" is there twice, or taken by the start`);
    seen.add(id);
  }
  return parsed.data;
}

const node = (id: string, name: string, type: string, parameters: JsonObject, column: number): GraphNode => ({
  id,
  name,
  type,
  version: 1,
  position: { x: column * COLUMN, y: 0 },
  parameters,
});

const holds = (expression: string): JsonObject => ({
  conditions: [{ leftValue: expression, operator: { type: "boolean", operation: "true", singleValue: true } }],
});

function nodeOf(step: Step, earlier: readonly string[], issues: ImportIssue[]): { type: string; parameters: JsonObject } {
  const { config } = step;
  switch (step.type) {
    case "http_request":
      return { type: "http-request", parameters: request(config) };
    case "delay":
      return { type: "wait", parameters: { resume: "interval", amount: delaySeconds(step), unit: "seconds" } };
    case "conditional":
      return code(step, `return { result: Boolean(${required(step, "condition")}) };`, earlier);
    case "data_transform":
      return code(step, required(step, "script", "code"), earlier);
    default:
      if (goesOn(step)) {
        const message =
          "waitForCompletion is false: in Daytona it gives the id of its session, whose result a Code node takes later; where its code runs here, the step after it waits for the result";
        issues.push({ severity: "changed", node: step.id, type: step.type, field: null, message });
      }
      return code(step, required(step, "code", "script"), earlier);
  }
}

/** A text that the step can't do without, by the first of its names that is there. */
function required(step: Step, ...names: string[]): string {
  for (const name of names) {
    const value = step.config[name];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  throw new N8nImportError(`The step "${step.id}" (${step.type}) has no config.${names[0]}`);
}

const isAsync = (step: Step): boolean => step.type === "sandbox_async" || step.config.mode === "async";

/** Whether the steps after it do not wait. */
const goesOn = (step: Step): boolean => isAsync(step) && step.config.waitForCompletion === false;

const LANGUAGES: Readonly<Record<string, string>> = {
  javascript: "javascript",
  js: "javascript",
  typescript: "typescript",
  ts: "typescript",
  python: "python",
  py: "python",
  go: "go",
  golang: "go",
  rust: "rust",
  rs: "rust",
};

function code(step: Step, text: string, earlier: readonly string[]): { type: string; parameters: JsonObject } {
  const named = step.config.language;
  const wanted = typeof named === "string" && named !== "" && named !== "auto" ? named.toLowerCase() : detectLanguage(text);
  const language = Object.hasOwn(LANGUAGES, wanted) ? LANGUAGES[wanted] : undefined;
  if (!language) {
    throw new N8nImportError(`The step "${step.id}" is written in ${wanted}: JavaScript, TypeScript, Python, Go and Rust can be run`);
  }
  const timeout = Number(step.config.timeout);
  const { pollInterval, maxPollAttempts } = step.config;
  return {
    type: "code",
    parameters: {
      mode: "allItems",
      language,
      code: language === "javascript" || language === "typescript" ? stepCode(step, text, earlier, earlier.at(-1)) : text,
      ...(timeout > 0 && { timeoutSeconds: Math.min(3600, Math.max(0.1, timeout / 1000)) }),
      ...(isAsync(step) && { wait: goesOn(step) ? "start" : "async" }),
      ...(Number(pollInterval) > 0 && { pollInterval: Math.min(60_000, Math.max(100, Math.round(Number(pollInterval)))) }),
      ...(Number(maxPollAttempts) > 0 && { maxPollAttempts: Math.min(100_000, Math.max(1, Math.round(Number(maxPollAttempts)))) }),
    },
  };
}

/** `{{ … }}` parts are expressions; `stepOutputs` are `steps` there. */
function template(value: Json): Json {
  if (typeof value === "string") return value.includes("{{") ? `=${value.replace(/\bstepOutputs\b/g, "steps")}` : value;
  if (Array.isArray(value)) return value.map(template);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, template(entry)]));
}

function request(config: JsonObject): JsonObject {
  const pairs = (value: Json | undefined): JsonObject[] =>
    Object.entries(typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}).map(([name, entry]) => ({
      name,
      value: template(entry),
    }));
  const { body = config.data } = config;
  const timeout = Number(config.timeout);
  return {
    method: typeof config.method === "string" ? config.method.toUpperCase() : "GET",
    url: template(config.url ?? ""),
    headers: pairs(config.headers),
    query: pairs(config.query ?? config.params),
    ...(body !== undefined &&
      body !== null &&
      (typeof body === "string"
        ? { body: "raw", bodyText: template(body) }
        : { body: "json", bodyFormat: "json", bodyJson: template(body) })),
    ...(timeout > 0 && { timeoutMs: timeout }),
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** `delay`, `duration` or `ms` are milliseconds unless `unit` says otherwise; `seconds` are seconds. */
function delaySeconds({ id, config }: Step): number {
  if (config.seconds !== undefined && Number(config.seconds) >= 0) return Number(config.seconds);
  const amount = Number(config.delay ?? config.duration ?? config.delayMs ?? config.ms ?? Number.NaN);
  const unit = UNIT_SECONDS[typeof config.unit === "string" ? config.unit : "ms"];
  if (!(amount >= 0) || unit === undefined) throw new N8nImportError(`The step "${id}" (delay) needs config.delay, in milliseconds`);
  return amount * unit;
}

function settingsOf({ critical, config }: Step): NodeSettings | undefined {
  const retries = Number(config.retries ?? config.maxRetries);
  const settings: NodeSettings = {
    ...((critical ?? config.critical) === false && { onError: "continue" as const }),
    ...(retries > 0 && { retry: { maxAttempts: Math.min(20, Math.round(retries) + 1), waitMs: 1000, backoff: "exponential" as const } }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}
