import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

/** A tool of the catalog, as far as a mapping has to know it. */
export interface ServiceTool {
  key: string;
  /** How the tool has callers prove who they are. */
  auth: "oauth2" | "bearer" | "apiKey" | "basic" | "custom";
}

/** The action that an operation corresponds to; what is undefined is not set. */
export interface ServiceCall {
  action: string;
  effect: "read" | "write";
  inputs: Readonly<Record<string, Json | undefined>>;
  /** Further parameters of the node. */
  parameters?: JsonObject;
}

type Calls = Readonly<Record<string, (source: Source) => ServiceCall | string>>;

export const reads = (action: string, inputs: ServiceCall["inputs"] = {}, parameters: JsonObject = {}): ServiceCall => ({
  action,
  effect: "read",
  inputs,
  parameters,
});
export const writes = (action: string, inputs: ServiceCall["inputs"] = {}): ServiceCall => ({ action, effect: "write", inputs });

/** An Action node in the place of a service's node. */
export function callNode(source: Source, tool: ServiceTool, call: ServiceCall): Mapped {
  source.ignore("authentication", "resource", "operation", "requestOptions");
  const inputs = Object.fromEntries(
    Object.entries(call.inputs).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== ""),
  );
  const [credential] = Object.keys(source.node.credentials);
  return {
    type: "action",
    parameters: { tool: tool.key, action: call.action, auth: tool.auth, effect: call.effect, inputs, ...call.parameters },
    ...(credential !== undefined && { credentials: { tool: credential } }),
  };
}

/** A node of which each operation of each resource is an action of its own: `resource:operation` says which. */
export const serviceNode =
  (tool: ServiceTool, calls: Calls, defaults: { resource: string; operation: Readonly<Record<string, string>> }): NodeMapping =>
  (source) => {
    const resource = source.text("resource", defaults.resource);
    const operation = source.text("operation", defaults.operation[resource] ?? "");
    const name = `${resource}:${operation}`;
    const call = Object.hasOwn(calls, name) ? calls[name]?.(source) : undefined;
    if (call === undefined) return unmapped(`with the operation "${operation}" of "${resource}" has no counterpart`);
    return typeof call === "string" ? unmapped(call) : callNode(source, tool, call);
  };

const unmapped = (placeholder: string): Mapped => ({ type: "action", parameters: {}, placeholder });

/** A parameter that names a thing of the service: its id, or its address of which `id` finds the id; absent when it is empty. */
export function located(source: Source, path: string, id?: RegExp): Json | undefined {
  const given = source.get(path);
  if (given === undefined || given === null) return undefined;
  if (typeof given !== "object" || Array.isArray(given)) return given;
  const value = given.value ?? "";
  if (given.mode !== "url" || typeof value !== "string" || !id) return value;
  if (value.startsWith("=")) {
    source.changed(path, "an expression gives an address there; here it must give the id");
    return value;
  }
  return id.exec(value)?.[1] ?? value;
}

/** A value that is left out when it is not there. */
export const given = (source: Source, path: string): Json | undefined => source.get(path) ?? undefined;

/** Several values of one kind: a list, or texts with commas. */
export function listed(source: Source, path: string): Json | undefined {
  const value = source.get(path);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" && !value.startsWith("="))
    return value
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  return value;
}

/** JSON that is written as text. */
export function parsedJson(source: Source, path: string): Json | undefined {
  const value = source.get(path);
  if (typeof value !== "string") return value;
  if (value === "" || value.startsWith("=")) return value === "" ? undefined : value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    source.missing(path, "is not JSON and is left out");
    return undefined;
  }
}

/** How much of a list is asked for: page size as an input, and whether further pages follow. */
export function listing(
  source: Source,
  size: string,
  most: number,
  { fallback = 50, limit = "limit", returnAll = "returnAll" } = {},
): { inputs: Record<string, Json>; parameters: JsonObject } {
  const limited = source.number(limit, fallback);
  if (source.fixedFlag(returnAll)) return { inputs: { [size]: most }, parameters: { returnAll: true, maxPages: 1000 } };
  if (typeof limited === "number" && limited > most) {
    const maxPages = Math.ceil(limited / most);
    if (limited % most !== 0) source.changed(limit, `whole pages are fetched: up to ${maxPages * most} instead of ${limited}`);
    return { inputs: { [size]: most }, parameters: { returnAll: true, maxPages } };
  }
  return { inputs: { [size]: limited }, parameters: {} };
}
