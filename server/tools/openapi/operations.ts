import type { Json, JsonObject } from "@/flow/item";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { type ActionDefinition, METHODS, type Method, type QueryStyle } from "@/flow/tools/schema";
import { inputTemplate } from "@/flow/tools/templates";
import { isObject, type Obj, own, ownList, ownObject, ownText, shortened, wellFormed } from "../imported-tool";
import { parameterFrom } from "./parameter";
import type { References } from "./references";
import { readRequestBody } from "./request-body";
import { plainSchema } from "./schemas";

export interface OperationSource {
  path: string;
  method: Method;
  item: Obj;
  operation: Obj;
  references: References;
  /** Swagger 2. */
  isLegacy: boolean;
  /** Content types of a Swagger 2 document. */
  consumes: string[];
}

export interface ReadOperation {
  action: Omit<ActionDefinition, "key">;
  /** From which a key is made. */
  keyName: string;
  notes: string[];
}

/** Headers that are the request's own affair, as the standard says. */
const IGNORED_HEADERS = new Set(["accept", "content-type", "authorization", "content-length", "host"]);
const MAX_SAMPLE = 8_000;

/** Inputs of one action, each under a name of its own. */
export class Inputs {
  readonly list: ActionParameter[] = [];
  private readonly names = new Set<string>();

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** @returns the template that stands for the input */
  add(parameter: ActionParameter, place: string): string {
    let name = parameter.name.replaceAll(/[{}\r\n]/g, "_");
    if (this.names.has(name)) name = `${place}_${name}`;
    for (let number = 2; this.names.has(name); number++) name = `${place}_${parameter.name}_${number}`;
    this.names.add(name);
    this.list.push(name === parameter.name ? parameter : { ...parameter, name, label: parameter.label ?? parameter.name });
    return inputTemplate(name);
  }
}

export const isMethod = (method: string): method is Method => (METHODS as readonly string[]).includes(method);

/** One operation of a document as an action. Throws an error that says what keeps it from being one. */
export function readOperation(source: OperationSource): ReadOperation {
  const { path, method, operation, references } = source;
  const notes: string[] = [];
  const inputs = new Inputs();
  const headers: Record<string, string> = {};
  const query: Record<string, Json> = {};
  const queryStyles: Record<string, QueryStyle> = {};
  const cookies: string[] = [];
  const hash = path.indexOf("#");
  if (hash >= 0) notes.push('What follows "#" in the path is not sent');
  let endpoint = (hash < 0 ? path : path.slice(0, hash)).replaceAll(" ", "%20");
  if (!endpoint.startsWith("/")) endpoint = `/${endpoint}`;

  for (const parameter of parametersOf(source, notes)) {
    const name = ownText(parameter, "name") ?? "";
    const place = ownText(parameter, "in");
    if (place === "body" || place === "formData") continue;
    if (place === "header" && IGNORED_HEADERS.has(name.toLowerCase())) continue;
    const [schema, isJson] = schemaOf(parameter, source);
    const required = place === "path" || parameter.required === true;
    const made = parameterFrom(name, schema, { required, description: ownText(parameter, "description") });
    if (place === "path") {
      if (!endpoint.includes(`{${name}}`)) {
        notes.push(`The path has no place for the parameter "${name}"`);
        continue;
      }
      inputs.add(made, "path");
      const style = ownText(parameter, "style");
      if (style === "label") endpoint = endpoint.replace(`{${name}}`, `.{${name}}`);
      if (style === "matrix") endpoint = endpoint.replace(`{${name}}`, `;${name}={${name}}`);
    } else if (place === "query") {
      query[name] = inputs.add(made, "query");
      const style = isJson ? "json" : styleOf(parameter, made.type);
      if (style !== "repeat") queryStyles[name] = style;
    } else if (place === "header") {
      headers[name] = inputs.add(made, "header");
    } else if (place === "cookie") {
      cookies.push(`${name}=${inputs.add(made, "cookie")}`);
    } else notes.push(`The parameter "${name}" is in "${String(place)}", which is no place of a request`);
  }
  for (const [, name = ""] of endpoint.matchAll(/\{([^{}]+)\}/g)) {
    if (inputs.has(name)) continue;
    notes.push(`The document does not describe the path parameter "${name}": it is taken for text`);
    inputs.add({ name, type: "string", required: true }, "path");
  }
  if (cookies.length > 0) headers.Cookie = cookies.join("; ");
  const body = readRequestBody(source, inputs, notes);
  const summary = shortened(ownText(operation, "summary"), 200);
  const operationId = ownText(operation, "operationId");
  const description = shortened(ownText(operation, "description"), 4000);
  const [tag] = ownList(operation, "tags");
  const sample = sampleOf(operation, references);
  return {
    keyName: operationId ?? `${method} ${path}`,
    notes,
    action: {
      name: summary ?? (operationId ? words(operationId) : `${method} ${path}`).slice(0, 200),
      ...(description !== undefined && description !== summary && { description }),
      ...(typeof tag === "string" && tag.trim() !== "" && { group: tag.slice(0, 200) }),
      method,
      endpoint,
      headers,
      query,
      ...(Object.keys(queryStyles).length > 0 && { queryStyles }),
      ...body,
      inputSchema: inputs.list,
      ...(sample !== undefined && { sample }),
      ...(operation.deprecated === true && { deprecated: true }),
    },
  };
}

/** `pulls/list-files` is "Pulls: list files". */
const words = (id: string): string => {
  const text = id
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/\s*[/.]\s*/g, ": ")
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Those of the path, replaced by those of the operation with the same name and place. */
function parametersOf({ item, operation, references }: OperationSource, notes: string[]): Obj[] {
  const found = new Map<string, Obj>();
  for (const given of [...ownList(item, "parameters"), ...ownList(operation, "parameters")]) {
    const parameter = references.get(given);
    const name = ownText(parameter, "name");
    if (!parameter || (name === undefined && ownText(parameter, "in") !== "body")) {
      const reference = ownText(given, "$ref");
      notes.push(reference ? `The parameter ${reference} is not in the document` : "A parameter without a name is left out");
      continue;
    }
    found.set(`${ownText(parameter, "in")} ${name}`, parameter);
  }
  return [...found.values()];
}

/** A parameter's schema, and whether its value is sent as JSON. */
function schemaOf(parameter: Obj, { references, isLegacy }: OperationSource): [JsonObject, boolean] {
  const content = ownObject(parameter, "content");
  const [type, media] = content ? (Object.entries(content)[0] ?? []) : [];
  if (type !== undefined) return [plainSchema(own(media, "schema"), references), /json/i.test(type)];
  return [
    plainSchema(isLegacy ? { ...parameter, description: undefined, required: undefined } : own(parameter, "schema"), references),
    false,
  ];
}

function styleOf(parameter: Obj, type: ActionParameter["type"]): QueryStyle {
  if (type !== "array" && type !== "object") return "repeat";
  const legacy = ownText(parameter, "collectionFormat");
  if (parameter.schema === undefined && parameter.content === undefined && type === "array") {
    return ({ multi: "repeat", ssv: "space", pipes: "pipe" } as const)[legacy as "multi" | "ssv" | "pipes"] ?? "comma";
  }
  const style = ownText(parameter, "style") ?? "form";
  if (style === "deepObject") return "brackets";
  const explode = typeof parameter.explode === "boolean" ? parameter.explode : style === "form";
  if (explode) return "repeat";
  return style === "spaceDelimited" ? "space" : style === "pipeDelimited" ? "pipe" : "comma";
}

/** The first example of a good answer, as the document gives it. */
function sampleOf(operation: Obj, references: References): Json | undefined {
  for (const [status, given] of Object.entries(ownObject(operation, "responses") ?? {})) {
    if (!/^2/.test(status)) continue;
    const response = references.get(given);
    const media = Object.entries(ownObject(response, "content") ?? {}).find(([type]) => /json/i.test(type))?.[1];
    const named = Object.values(ownObject(media, "examples") ?? {})[0];
    const example = own(media, "example") ?? own(references.get(named), "value") ?? Object.values(ownObject(response, "examples") ?? {})[0];
    if (example === undefined || example === null) continue;
    const text = JSON.stringify(example);
    if (text !== undefined && text.length <= MAX_SAMPLE && !text.includes("\\u0000") && isObject(JSON.parse(`{"value":${text}}`))) {
      return JSON.parse(wellFormed(text)) as Json;
    }
  }
  return undefined;
}
