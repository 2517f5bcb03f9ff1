import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

/** A call of a ready tool's action. */
export interface Call {
  action: string;
  /** What only looks can be repeated. */
  effect: "read" | "write";
  inputs?: JsonObject;
  /** All pages of a list. */
  returnAll?: boolean;
  /** `false` for a write that has no key, though the service's others have one. */
  repeatable?: boolean;
}

/** A service that both have. */
export interface Service {
  /** Key of the ready tool. */
  tool: string;
  /** How the tool has its callers prove who they are. */
  auth: string;
  /** n8n's types of credentials for it. */
  credentials: readonly string[];
  /** What n8n leaves out: the first resource, and the first operation of each. */
  resource: string;
  operation: Readonly<Record<string, string>>;
  /** The service tells a repeated write from a new one. */
  repeatable?: boolean;
  /** Calls by `resource.operation`; a text is why there is none. */
  calls: Readonly<Record<string, (source: Source) => Call | string>>;
}

/** n8n's node of a service as a call of the action that does the same; what has none stays a placeholder. */
export const serviceMapping =
  ({ tool, auth, credentials, resource, operation, repeatable = false, calls }: Service): NodeMapping =>
  (source): Mapped => {
    const what = source.text("resource", resource);
    const how = source.text("operation", operation[what] ?? "");
    source.ignore("authentication");
    const name = `${what}.${how}`;
    const call = Object.hasOwn(calls, name) ? calls[name]?.(source) : undefined;
    if (call === undefined || typeof call === "string") {
      return {
        type: "no-op",
        parameters: {},
        placeholder: call ?? `does "${how === "" ? what : `${what}: ${how}`}", which has no counterpart`,
      };
    }
    const used = Object.keys(source.node.credentials ?? {});
    const type = credentials.find((each) => used.includes(each)) ?? credentials[0] ?? "";
    return {
      type: "action",
      parameters: {
        tool,
        action: call.action,
        effect: call.effect,
        auth,
        inputs: call.inputs ?? {},
        ...(repeatable && call.effect === "write" && call.repeatable !== false && { repeatable: true }),
        ...(call.returnAll && { returnAll: true, maxPages: 1000 }),
      },
      credentials: { tool: type },
    };
  };

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

export const read = (action: string, inputs: JsonObject = {}, returnAll = false): Call => ({ action, effect: "read", inputs, returnAll });
export const write = (action: string, inputs: JsonObject = {}): Call => ({ action, effect: "write", inputs });

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
): Call {
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
