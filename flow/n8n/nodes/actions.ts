import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";
import { reads, type ServiceCall, type ServiceTool, serviceNode, writes } from "./action-node";

export type Call = ServiceCall;

/** A service that both have. */
export interface Service {
  /** Key of the ready tool. */
  tool: string;
  /** How the tool has its callers prove who they are. */
  auth: ServiceTool["auth"];
  /** What n8n leaves out: the first resource, and the first operation of each. */
  resource: string;
  operation: Readonly<Record<string, string>>;
  /** Calls by `resource:operation`; a text is why there is none. */
  calls: Readonly<Record<string, (source: Source) => ServiceCall | string>>;
}

/** n8n's node of a service as a call of the action that does the same; what has none stays a placeholder. */
export const serviceMapping = ({ tool, auth, resource, operation, calls }: Service): NodeMapping =>
  serviceNode({ key: tool, auth }, calls, { resource, operation });

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const ALL = { returnAll: true, maxPages: 1000 };

export const read = (action: string, inputs: JsonObject = {}, returnAll = false): ServiceCall =>
  reads(action, inputs, returnAll ? ALL : {});
export const write = writes;

/** The value that somebody chose from a list, by its id or by its address. */
export function chosen(source: Source, path: string, fallback = ""): string {
  const value = source.get(path);
  return plainText(value) || fallback;
}

const plainText = (value: Json | undefined): string =>
  isObject(value) ? plainText(value.value) : value === undefined || value === null ? "" : String(value);

/** Inputs from parameters, by n8n's path; those that are not set are not given. */
export function given(source: Source, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(names).flatMap(([path, name]): [string, Json][] => {
      const value = source.get(path);
      if (isObject(value) && value.__rl === true) return plainText(value) === "" ? [] : [[name, plainText(value)]];
      return value === undefined || value === null || value === "" ? [] : [[name, value]];
    }),
  );
}

/** Entries with a key and a value as an object; undefined when there are none. */
export function keyValues(source: Source, path: string, key = "key", value = "value"): JsonObject | undefined {
  const entries = source.list(path).map((entry): [string, Json] => [plainText(entry[key]), entry[value] ?? ""]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries.filter(([name]) => name !== ""));
}

/** A list, whole or as many as the limit says. */
export function listed(
  source: Source,
  action: string,
  { name, most, usual = 50, inputs = {} }: { name: string; most: number; usual?: number; inputs?: JsonObject },
): ServiceCall {
  const all = source.fixedFlag("returnAll");
  if (all) {
    source.ignore("limit");
    return read(action, { [name]: most, ...inputs }, true);
  }
  const limit = source.number("limit", usual);
  if (typeof limit === "number" && limit > most) source.changed("limit", `is more than a page has here; ${most} is used`);
  return read(action, { [name]: typeof limit === "number" ? Math.min(limit, most) : limit, ...inputs });
}

/** A text before a value, which may be an expression. */
export const prefixed = (prefix: string, value: string): string => (value.startsWith("=") ? `=${prefix}${value.slice(1)}` : prefix + value);
