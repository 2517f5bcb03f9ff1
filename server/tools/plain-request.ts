import type { Json, JsonObject } from "@/flow/item";
import { checkAction } from "@/flow/tools/check-action";
import { type ActionParameter, isReservedName } from "@/flow/tools/input-schema";
import { type ActionDefinition, actionSchema, type ToolAuth } from "@/flow/tools/schema";
import { inputTemplate } from "@/flow/tools/templates";
import { MAX_ACTIONS } from "../services/tools/check";
import { freeKey, keyFromName } from "../services/tools/key";
import { type ImportedTool, type ImportProblem, isObject, shortened, unreadable } from "./imported-tool";

/** One request as someone wrote it down, with real values in it. */
export interface PlainRequest {
  name: string | null;
  group: string | null;
  description: string | null;
  method: string;
  /** Whole; `:name` and `{{name}}` in its path stand for values. */
  url: string;
  headers: [string, string][];
  bodyType: "none" | "json" | "form" | "multipart" | "text";
  body: string;
  /** Of a form with files. */
  fields: { name: string; value: string; isFile: boolean }[];
  auth?: ToolAuth;
}

const SECRET_HEADER = /^(x-)?(api|auth|access)[-_]?(key|token)$|^(x-)?[a-z-]*(api-?key|auth-token|access-token|secret)$/i;
/** Values under such names are not kept as defaults. */
const SECRET_FIELD = /pass(word|wd|phrase)?$|secret|token|api[-_]?key|^pin$|credential|private[-_]?key/i;
const SECRET_QUERY = /^(api[-_]?key|access[-_]?token|apikey|token|auth|appid|key)$/i;
const NOT_SENT = new Set(["content-length", "host", "connection", "accept-encoding", "content-type"]);

class Inputs {
  readonly list: ActionParameter[] = [];

  add(name: string, value: Json | undefined, required: boolean): string {
    const clean = name.replaceAll(/[{}\r\n]/g, "_").slice(0, 200);
    if (clean === "" || isReservedName(clean)) throw new Error(`an input can't be called "${name}"`);
    if (!this.list.some((each) => each.name === clean)) {
      const type = Array.isArray(value)
        ? "array"
        : isObject(value)
          ? "object"
          : typeof value === "number"
            ? "number"
            : typeof value === "boolean"
              ? "boolean"
              : "string";
      this.list.push({
        name: clean,
        type,
        required,
        ...(value !== undefined && value !== null && value !== "" && !SECRET_FIELD.test(clean) && { default: value }),
      });
    }
    return inputTemplate(clean);
  }
}

/** Requests as the actions of one tool: their values become inputs with these defaults, what is secret becomes the tool's auth. */
export function toActions(
  requests: PlainRequest[],
  {
    source,
    name,
    description,
    auth: given,
    problems,
    found = requests.length,
  }: {
    source: ImportedTool["source"];
    name: string | null;
    description?: string | undefined;
    auth?: ToolAuth | undefined;
    problems: ImportProblem[];
    found?: number;
  },
): ImportedTool {
  let auth: ToolAuth | null = given ?? null;
  let baseUrl: string | null = null;
  const actions: ActionDefinition[] = [];
  const keys = new Set<string>();
  const hosts = new Set<string>();
  for (const request of requests.slice(0, MAX_ACTIONS)) {
    const title = request.name ?? `${request.method} ${request.url}`.slice(0, 200);
    try {
      const { origin, path, query } = splitUrl(request.url);
      baseUrl ??= origin;
      const isElsewhere = origin !== baseUrl;
      if (isElsewhere && origin.includes("{{")) throw new Error(`its host is a variable, while others call ${baseUrl}`);
      const inputs = new Inputs();
      const endpoint = (isElsewhere ? origin : "") + pathWithInputs(path, inputs);
      const queryTemplates: Record<string, string> = {};
      for (const [key, value] of query) {
        if (SECRET_QUERY.test(key)) auth ??= { type: "apiKey", in: "query", name: key };
        else queryTemplates[key] = inputs.add(key, value, false);
      }
      if (/^https?:\/\/[^/?#]*@/i.test(request.url)) auth ??= { type: "basic" };
      const headers: Record<string, string> = {};
      for (const [header, value] of request.headers) {
        if (NOT_SENT.has(header.toLowerCase())) continue;
        const found = authOf(header, value);
        if (found) auth ??= found;
        else headers[header] = value.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, variable: string) => inputs.add(variable, undefined, true));
      }
      if (request.auth) auth ??= request.auth;
      const body = bodyOf(request, inputs);
      const key = freeKey(keyFromName(request.name ?? `${request.method} ${path.replaceAll(/[:{}]/g, " ")}`, "action"), (each) =>
        keys.has(each),
      );
      const parsed = actionSchema.safeParse({
        key,
        name: shortened(request.name ?? `${request.method} ${path || "/"}`, 200) ?? key,
        ...(request.group && { group: request.group.slice(0, 200) }),
        ...(request.description && { description: shortened(request.description, 4000) }),
        method: request.method,
        endpoint,
        headers,
        query: queryTemplates,
        ...body,
        inputSchema: inputs.list,
      });
      if (!parsed.success)
        throw new Error(
          parsed.error.issues
            .slice(0, 3)
            .map(({ path: at, message }) => `${at.join(".")}: ${message}`)
            .join("; "),
        );
      const elsewhere = isElsewhere ? [new URL(origin).host] : [];
      const issues = checkAction(parsed.data, { baseUrl, allowedHosts: elsewhere });
      if (issues.length > 0) throw new Error(issues.map(({ field, message }) => `${field}: ${message}`).join("; "));
      for (const host of elsewhere) hosts.add(host);
      keys.add(key);
      actions.push(parsed.data);
    } catch (error) {
      problems.push({
        operation: title,
        message: error instanceof Error ? error.message.slice(0, 500) : "It can't be read",
        kind: "skipped",
      });
    }
  }
  if (baseUrl === null || actions.length === 0) {
    throw unreadable(`Nothing could be imported${problems[0] ? `: ${problems[0].message}` : ""}.`);
  }
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "API";
  return {
    source,
    tool: {
      name: name ?? host,
      baseUrl,
      auth: auth ?? { type: "none" },
      allowedHosts: [...hosts].slice(0, 50),
      ...(description && { description }),
    },
    actions,
    problems,
    found,
  };
}

function splitUrl(text: string): { origin: string; path: string; query: [string, string][] } {
  const match = /^(https?:\/\/[^/?#]+)([^?#]*)(?:\?([^#]*))?/i.exec(text.trim());
  if (!match) throw new Error(`"${text.slice(0, 100)}" is not a URL that begins with http:// or https://`);
  const [, origin = "", path = "", query = ""] = match;
  const host = origin.replace(/^(https?:\/\/)[^@/]*@/i, "$1");
  if (!host.includes("{{") && !URL.canParse(host)) throw new Error(`"${host.slice(0, 100)}" is not a host`);
  return {
    origin: host.includes("{{") ? host : new URL(host).origin,
    path,
    query: [...new URLSearchParams(query.replaceAll("{{", "").replaceAll("}}", ""))].filter(([key]) => key !== ""),
  };
}

/** `/users/:id` and `/users/{{id}}` have the input "id". */
const pathWithInputs = (path: string, inputs: Inputs): string =>
  path
    .split("/")
    .map((segment) => {
      const named = /^:([\w-]+)$/.exec(segment)?.[1];
      if (named !== undefined) {
        inputs.add(named, undefined, true);
        return `{${named}}`;
      }
      return segment
        .replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, variable: string) => inputs.add(variable, undefined, true))
        .replaceAll(/(?<!\{)\{([^{}]+)\}(?!\})/g, (_, variable: string) => {
          inputs.add(variable, undefined, true);
          return `{${variable}}`;
        });
    })
    .join("/");

/** What a header says of how calls prove who they are; null for any other header. */
function authOf(name: string, value: string): ToolAuth | null {
  if (name.toLowerCase() === "authorization") {
    if (/^bearer\s/i.test(value)) return { type: "bearer" };
    if (/^basic\s/i.test(value)) return { type: "basic" };
    const prefix = /^([A-Za-z][\w-]*\s+)\S/.exec(value)?.[1];
    return { type: "apiKey", in: "header", name: "Authorization", ...(prefix && { prefix }) };
  }
  // A cookie is who someone was signed in as.
  if (name.toLowerCase() === "cookie") return { type: "custom", headers: { Cookie: "{{secrets.cookie}}" } };
  return SECRET_HEADER.test(name) ? { type: "apiKey", in: "header", name } : null;
}

type Body = Pick<ActionDefinition, "bodyType" | "body" | "contentType">;

function bodyOf(request: PlainRequest, inputs: Inputs): Body {
  const given = request.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  if (request.fields.length > 0 && request.bodyType === "multipart") {
    const body: JsonObject = {};
    for (const { name, value, isFile } of request.fields) {
      body[name] = inputs.add(name, isFile ? undefined : value, isFile);
      const made = inputs.list.find((each) => each.name === name);
      if (isFile && made) made.control = "file";
    }
    return { bodyType: "multipart", body };
  }
  if (request.bodyType === "none" || request.body === "") return { bodyType: "none" };
  const text = request.body.trim();
  const json =
    request.bodyType === "json" || /json/i.test(given ?? "") || (request.bodyType !== "text" && /^[[{]/.test(text))
      ? jsonOf(text)
      : undefined;
  if (json !== undefined) return jsonBody(json, inputs);
  if (request.bodyType === "form" && (given === undefined || /x-www-form-urlencoded/i.test(given))) {
    const body: JsonObject = {};
    for (const [name, value] of new URLSearchParams(text)) body[name] = inputs.add(name, value, false);
    return { bodyType: "form", body };
  }
  const template = inputs.add("body", request.body, false);
  return { bodyType: "text", body: template, contentType: given ?? "text/plain" };
}

function jsonBody(json: Json, inputs: Inputs): Body {
  if (!isObject(json)) return { bodyType: "json", body: inputs.add("body", Array.isArray(json) ? json : undefined, false) };
  const body: JsonObject = {};
  for (const [name, value] of Object.entries(json as JsonObject)) {
    if (isReservedName(name) || name === "") continue;
    const taken = inputs.list.some((each) => each.name === name) ? `body_${name}` : name;
    body[name] = inputs.add(taken, value, false);
  }
  return { bodyType: "json", body };
}

/** Variables of Postman outside of texts make no JSON: they are read as null. */
function jsonOf(text: string): Json | undefined {
  for (const candidate of [text, text.replaceAll(/(?<=[:[,]\s*)\{\{[^{}]*\}\}/g, "null")]) {
    try {
      const value = JSON.parse(candidate) as Json;
      return typeof value === "string" ? undefined : value;
    } catch {
      // The next one.
    }
  }
  return undefined;
}
