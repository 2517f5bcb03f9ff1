import { FatalError } from "../execution/errors";
import type { Json, JsonObject } from "../item";
import { hostMessage, isAllowedHost } from "./check-action";
import { asText, inputValue, onlyInput, placeholdersIn, type Rendering, renderText, renderValue, Secrets } from "./render";
import { buildBody, type FileValue, type RequestBody } from "./request-body";
import { type ActionDefinition, actionEffect, type QueryStyle, type ToolDefinition } from "./schema";
import { parseTemplate } from "./templates";

/** A call of an action before the guarded client has filled in what the credential holds. */
export interface ActionRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Names of the credential's fields, by the tokens in URL, headers and body that stand for them; absent without any. */
  credentialFields?: Record<string, string>;
}

export interface BuildOptions {
  tool: ToolDefinition;
  action: ActionDefinition;
  /** Checked, with defaults (`validateInputs`). */
  inputs: JsonObject;
  /** Fields of the credential that the base URL names: an account's domain, never a secret. */
  account?: Readonly<Record<string, string>>;
  /** Files by input. */
  files?: Readonly<Record<string, FileValue>>;
  /** Small letters and digits, new for every request: what stands for a secret must not be what an input could say. */
  nonce: string;
}

/**
 * The request that a call of an action makes. Inputs are values, never templates or syntax: they are encoded where they stand,
 * and can't change the host, the path's shape or the headers' number.
 * @throws FatalError that names the place and the input
 */
export function buildActionRequest({ tool, action, inputs, account = {}, files = {}, nonce }: BuildOptions): ActionRequest {
  const rendering: Rendering = { inputs, secrets: new Secrets(nonce) };
  const url = buildUrl(tool, action, rendering, account);
  const headers = buildHeaders(tool, action, rendering);
  const unnamed = action.bodyType === undefined && action.body === undefined ? unnamedInputs(action, inputs) : {};
  const hasBody = action.method !== "GET" && action.method !== "HEAD" && action.method !== "OPTIONS" && action.method !== "DELETE";
  const query: [string, string][] = [
    ...Object.entries(action.query).flatMap(([name, template]) =>
      queryEntries(name, renderValue(template, rendering), action.queryStyles?.[name] ?? "repeat"),
    ),
    ...(hasBody ? [] : Object.entries(unnamed).flatMap(([name, value]) => queryEntries(name, value, "repeat"))),
  ];
  if (tool.auth.type === "apiKey" && tool.auth.in === "query" && !Object.hasOwn(action.query, tool.auth.name)) {
    query.push([tool.auth.name, renderText(parseTemplate(`${tool.auth.prefix ?? ""}{{secrets.api_key}}`), rendering)]);
  }
  if (query.length > 0) {
    const text = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
    url.search = url.search === "" ? text : `${url.search.slice(1)}&${text}`;
  }
  const body: RequestBody =
    action.bodyType === undefined && action.body === undefined
      ? hasBody && Object.keys(unnamed).length > 0
        ? { body: JSON.stringify(unnamed), contentType: "application/json" }
        : {}
      : buildBody(action, rendering, files, nonce);
  const has = (name: string): boolean => Object.keys(headers).some((each) => each.toLowerCase() === name);
  if (body.contentType && !has("content-type")) headers["content-type"] = body.contentType;
  if (!has("accept")) headers.accept = "application/json, text/*;q=0.9, */*;q=0.8";
  if ((tool.auth.type === "bearer" || tool.auth.type === "oauth2") && !rendering.secrets.isEmpty && !has("authorization")) {
    // A request that says itself where secrets go gets nothing added.
    headers.authorization = renderText(parseTemplate("Bearer {{auth.access_token}}"), rendering);
  }
  return {
    method: action.method,
    url: url.href,
    headers,
    ...(body.body !== undefined && { body: body.body }),
    ...(!rendering.secrets.isEmpty && { credentialFields: rendering.secrets.fields }),
  };
}

/** What is not text of a path: a value that is a segment of dots would walk up. */
function pathValue(value: Json | undefined, name: string): string {
  if (Array.isArray(value) && value.length > 0) return value.map((entry) => pathValue(entry, name)).join(",");
  const text = asText(value);
  if (text === "") throw new FatalError(`The input "${name}" is part of the path and must not be empty`);
  if (/^\.{1,2}$/.test(text)) throw new FatalError(`The input "${name}" is part of the path and must not be "${text}"`);
  return encodeURIComponent(text);
}

/** Names of the credential's fields that a base URL needs before a request can be built. */
export const accountFields = ({ baseUrl }: Pick<ToolDefinition, "baseUrl">): string[] =>
  parseTemplate(baseUrl).flatMap((part) => (typeof part === "string" ? [] : [part.path[0] ?? ""]));

/**
 * A base URL that is all the credential's to say, `https://{{auth.base_url}}`, is without TLS where the credential says so: for
 * servers of one's own network.
 */
export function ownScheme(baseUrl: string, filled: string, account: Readonly<Record<string, string>>): string {
  const [, name = ""] = /^https:\/\/\{\{\s*(?:auth|secrets)\.([\w-]+)\s*\}\}/.exec(baseUrl) ?? [];
  const isPlain = Object.hasOwn(account, name) && /^http:\/\//i.test(account[name]?.trim() ?? "");
  return isPlain ? filled.replace(/^https:/i, "http:") : filled;
}

function baseUrlOf(tool: ToolDefinition, account: Readonly<Record<string, string>>): string {
  const filled = parseTemplate(tool.baseUrl)
    .map((part) => {
      if (typeof part === "string") return part;
      const name = part.path[0] ?? "";
      const value = Object.hasOwn(account, name) ? account[name] : undefined;
      if (value === undefined)
        throw new FatalError(`${tool.name} is called at an address of one's own: choose a credential with "${name}"`);
      const host = value
        .trim()
        .replace(/^https?:\/\//i, "")
        .replace(/\/+$/, "");
      if (!/^[\w.:-]+(\/[\w.~/-]*)?$/.test(host) || host.includes(".."))
        throw new FatalError(`The credential's "${name}" is not a host name`);
      return host;
    })
    .join("");
  return ownScheme(tool.baseUrl, filled, account);
}

function buildUrl(tool: ToolDefinition, action: ActionDefinition, rendering: Rendering, account: Readonly<Record<string, string>>): URL {
  const base = baseUrlOf(tool, account);
  const endpoint = parseTemplate(action.endpoint)
    .map((part) => {
      if (typeof part !== "string") {
        if (part.root !== "inputs") return rendering.secrets.token(part);
        return pathValue(inputValue(rendering.inputs, part.path), part.path.join("."));
      }
      return part.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => pathValue(inputValue(rendering.inputs, [name]), name));
    })
    .join("");
  const isWhole = /^https?:\/\//i.test(endpoint);
  const separator = endpoint === "" || /^[/?]/.test(endpoint) ? "" : "/";
  let url: URL;
  try {
    url = new URL(isWhole ? endpoint : `${base.replace(/\/+$/, "")}${separator}${endpoint}`);
  } catch {
    throw new FatalError(`The tool "${tool.name}" has no valid base URL: change it`);
  }
  const expected = isWhole ? url.host : new URL(base).host;
  if (url.host !== expected || (isWhole && !isAllowedHost(url.host, tool)))
    throw new FatalError(`${action.name}: ${hostMessage(url.host)}`);
  return url;
}

function buildHeaders(tool: ToolDefinition, action: ActionDefinition, rendering: Rendering): Record<string, string> {
  const headers: Record<string, string> = {};
  const add = (name: string, template: string): void => {
    const parts = parseTemplate(template);
    const alone = onlyInput(parts);
    if (alone && inputValue(rendering.inputs, alone.path) === undefined) return;
    const value = name.toLowerCase() === "cookie" ? cookies(template, rendering) : renderText(parts, rendering);
    if (/[\r\n\0]/.test(value)) throw new FatalError(`The value of the header "${name}" has a line break in it; headers are one line`);
    if (value !== "") headers[name] = value;
  };
  for (const [name, template] of Object.entries(action.headers)) add(name, template);
  const has = (name: string): boolean => Object.keys(headers).some((each) => each.toLowerCase() === name.toLowerCase());
  if (tool.auth.type === "custom") {
    for (const [name, template] of Object.entries(tool.auth.headers)) if (!has(name)) add(name, template);
  }
  if (tool.auth.type === "apiKey" && tool.auth.in === "header" && !has(tool.auth.name)) {
    add(tool.auth.name, `${tool.auth.prefix ?? ""}{{secrets.api_key}}`);
  }
  return headers;
}

/** `a={{inputs.a}}; b={{inputs.b}}` without those that were not given. */
const cookies = (template: string, rendering: Rendering): string =>
  template
    .split(";")
    .flatMap((pair) => {
      const parts = parseTemplate(pair.trim());
      const missing = parts.some(
        (part) => typeof part === "object" && part.root === "inputs" && inputValue(rendering.inputs, part.path) === undefined,
      );
      return missing ? [] : [renderText(parts, rendering, (text) => encodeURIComponent(text))];
    })
    .join("; ");

function queryEntries(name: string, value: Json | undefined, style: QueryStyle): [string, string][] {
  if (value === undefined || value === null) return [];
  if (style === "json") return [[name, JSON.stringify(value)]];
  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    if (style === "comma" || style === "space" || style === "pipe") {
      return [[name, value.map(asText).join({ comma: ",", space: " ", pipe: "|" }[style])]];
    }
    if (style === "indices" && value.some((entry) => typeof entry === "object")) {
      return value.flatMap((entry, index) => queryEntries(`${name}[${index}]`, entry, style));
    }
    return value.map((entry, index) => [`${name}${{ repeat: "", brackets: "[]", indices: `[${index}]` }[style]}`, asText(entry)]);
  }
  if (typeof value === "object") {
    if (style === "comma")
      return [
        [
          name,
          Object.entries(value)
            .flat()
            .map((each) => asText(each as Json))
            .join(","),
        ],
      ];
    return Object.entries(value).flatMap(([key, entry]) => queryEntries(style === "repeat" ? key : `${name}[${key}]`, entry, style));
  }
  return [[name, asText(value)]];
}

/** Inputs that neither path, query nor headers name: what a call is about. */
function unnamedInputs(action: ActionDefinition, inputs: JsonObject): JsonObject {
  const named = new Set([...action.endpoint.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ""));
  for (const value of [action.endpoint, action.headers, action.query] as const) {
    for (const { placeholder } of placeholdersIn(value, "")) if (placeholder.root === "inputs") named.add(placeholder.path[0] ?? "");
  }
  return Object.fromEntries(Object.entries(inputs).filter(([name, value]) => !named.has(name) && value !== undefined));
}

/** The header in which a call carries a key by which a service tells a repeated call from a new one; null where it carries none. */
export function idempotencyHeader(action: ActionDefinition, headers: Readonly<Record<string, string>>): string | null {
  const wanted = (action.idempotencyHeader ?? "idempotency-key").toLowerCase();
  return actionEffect(action) === "write" && !Object.keys(headers).some((name) => name.toLowerCase() === wanted) ? wanted : null;
}

/** Whether an action names fields of a credential, whatever its tool says. */
export const usesSecrets = (action: Pick<ActionDefinition, "endpoint" | "headers" | "query" | "body">): boolean =>
  [action.endpoint, action.headers, action.query, action.body].some((value) =>
    placeholdersIn(value, "").some(({ placeholder }) => placeholder.root !== "inputs"),
  );
