import { z } from "zod";
import type { Json, JsonObject } from "../item";
import { jsonObjectSchema } from "../json-schema";

/** Nothing that people draw comes near these; they keep a crafted file from filling the memory or the stack. */
const MAX_NODES = 5_000;
const MAX_DEPTH = 100;
const MAX_VALUES = 2_000_000;

/** The JSON is no workflow of n8n, or one that can't be read. */
export class N8nImportError extends Error {
  override name = "N8nImportError";
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const object = z.preprocess((value) => (isObject(value) ? value : {}), jsonObjectSchema) as unknown as z.ZodType<JsonObject>;
const flag = z
  .preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean().optional())
  .catch(undefined);
const text = z.string().optional().catch(undefined);
const count = z.preprocess((value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value), z.number().optional());

const position = z
  .preprocess((value) => (isObject(value) ? [value.x, value.y] : value), z.tuple([z.coerce.number(), z.coerce.number()]).rest(z.unknown()))
  .transform(([x, y]) => ({ x, y }))
  .optional()
  .catch(undefined);

/** One node as n8n writes it. What is malformed beside name and type counts as not there. */
export const n8nNodeSchema = z.object({
  id: z.preprocess((value) => (typeof value === "number" ? String(value) : value), z.string().optional()).catch(undefined),
  /** Notes of written-by-hand exports have none. */
  name: z.string().catch(""),
  type: z.string().min(1),
  typeVersion: count.catch(undefined).transform((version) => version ?? 1),
  position,
  parameters: object,
  credentials: object,
  disabled: flag,
  notes: text,
  executeOnce: flag,
  alwaysOutputData: flag,
  onError: text,
  /** Before `onError` there was. */
  continueOnFail: flag,
  retryOnFail: flag,
  maxTries: count.catch(undefined),
  waitBetweenTries: count.catch(undefined),
});
export type N8nNode = z.infer<typeof n8nNodeSchema>;

/** A workflow as n8n exports it, copies it to the clipboard, and keeps it in templates. */
export const n8nWorkflowSchema = z.object({
  name: text,
  nodes: z.array(n8nNodeSchema).max(MAX_NODES),
  connections: object,
  settings: object,
  pinData: object,
  staticData: z.unknown().optional(),
  meta: object,
  tags: z.unknown().optional(),
});
export type N8nWorkflow = z.infer<typeof n8nWorkflowSchema>;

/** A copy without keys that mean something to JavaScript, counted and measured on the way; no recursion, whatever the depth. */
function cleaned(root: unknown): Json {
  const holder: { value: Json } = { value: null };
  const open: { value: unknown; depth: number; put: (copy: Json) => void }[] = [
    {
      value: root,
      depth: 0,
      put: (copy) => {
        holder.value = copy;
      },
    },
  ];
  let seen = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth, put } = next;
    if (++seen > MAX_VALUES) throw new N8nImportError(`The workflow holds more than ${MAX_VALUES} values`);
    if (depth > MAX_DEPTH) throw new N8nImportError(`The workflow is nested more than ${MAX_DEPTH} levels deep`);
    if (Array.isArray(value)) {
      const copy: Json[] = new Array(value.length).fill(null);
      put(copy);
      value.forEach((entry, index) => {
        open.push({ value: entry, depth: depth + 1, put: (made) => void copy.splice(index, 1, made) });
      });
    } else if (isObject(value)) {
      const copy: JsonObject = {};
      put(copy);
      for (const [key, entry] of Object.entries(value)) {
        if (key === "__proto__" || entry === undefined) continue;
        // Reserved now, so that keys keep their order.
        copy[key] = null;
        open.push({ value: entry, depth: depth + 1, put: (made) => void Object.assign(copy, { [key]: made }) });
      }
    } else if (typeof value === "string" || typeof value === "boolean" || value === null) put(value);
    else if (typeof value === "number") put(Number.isFinite(value) ? value : null);
  }
  return holder.value;
}

const looksLikeNode = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.type === "string" &&
  (typeof value.name === "string" || value.name === undefined) &&
  !("version" in value && "sourceHandle" in value);

const looksLikeWorkflow = (value: unknown): value is Record<string, unknown> =>
  isObject(value) &&
  !("graph" in value) &&
  !("tolstoy" in value) &&
  Array.isArray(value.nodes) &&
  (isObject(value.connections) || value.nodes.length > 0) &&
  !("edges" in value) &&
  value.nodes.every(looksLikeNode);

/** The workflow itself, also where a template or an API answer wraps it or an export of many holds a single one. */
function workflowIn(value: unknown): Record<string, unknown> | null {
  if (looksLikeWorkflow(value)) return value;
  if (Array.isArray(value) && value.length === 1) return workflowIn(value[0]);
  if (!isObject(value) || "graph" in value || "tolstoy" in value) return null;
  for (const key of ["workflow", "data", "workflowData"]) {
    const inner = value[key];
    if (looksLikeWorkflow(inner)) return typeof inner.name === "string" ? inner : { ...inner, name: value.name };
    if (isObject(inner) && looksLikeWorkflow(inner.workflow)) return { name: value.name ?? inner.name, ...inner.workflow };
  }
  return null;
}

/** Whether JSON is a workflow of n8n: its export, what it copies to the clipboard, or a template. */
export const isN8nWorkflow = (value: unknown): boolean => workflowIn(value) !== null;

/** @throws N8nImportError for anything else, and for a workflow beyond all measure. */
export function parseN8nWorkflow(value: unknown): N8nWorkflow {
  const found = workflowIn(value);
  if (!found) {
    const many = Array.isArray(value) && value.length > 1 && value.every((entry) => workflowIn(entry) !== null);
    throw new N8nImportError(
      many
        ? "The file holds several workflows: import them one by one"
        : "This is no n8n workflow: it has no list of nodes with their types",
    );
  }
  const parsed = n8nWorkflowSchema.safeParse(cleaned(found));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new N8nImportError(`The n8n workflow can't be read: ${issue?.path.join(".")}: ${issue?.message}`);
}
