import type { ToolAuth } from "@/flow/tools/schema";
import { type ImportedTool, type ImportProblem, isObject, type Obj, own, ownList, ownObject, ownText, shortened } from "../imported-tool";
import { type PlainRequest, toActions } from "../plain-request";

const MAX_FOLDERS = 20;

export const isPostman = (document: Obj): boolean => Array.isArray(own(document, "item")) && isObject(own(document, "info"));

/**
 * A tool out of a Postman collection (v2.0 and v2.1): an action for each request, folders as groups. Variables that the
 * collection sets are filled in, others become inputs.
 * @throws ServiceError `invalid` when nothing of it can be imported
 */
export function importPostman(document: Obj): ImportedTool {
  const variables = new Map<string, string>();
  for (const variable of ownList(document, "variable")) {
    const key = ownText(variable, "key") ?? ownText(variable, "id");
    const value = own(variable, "value");
    if (key && (typeof value === "string" || typeof value === "number") && String(value) !== "") variables.set(key, String(value));
  }
  const problems: ImportProblem[] = [];
  const requests: PlainRequest[] = [];
  let found = 0;
  const walk = (items: unknown[], folders: string[], inherited: ToolAuth | undefined): void => {
    for (const item of items) {
      if (!isObject(item)) continue;
      const name = ownText(item, "name") ?? "Request";
      if (Array.isArray(item.item)) {
        if (folders.length < MAX_FOLDERS) walk(item.item, [...folders, name], authOf(item) ?? inherited);
        continue;
      }
      const request = typeof item.request === "string" ? { url: item.request, method: "GET" } : ownObject(item, "request");
      if (!request) continue;
      found++;
      const url = fill(urlOf(request), variables);
      if (!/^https?:\/\//i.test(url) || /^https?:\/\/[^/?#]*\{\{/i.test(url)) {
        const missing = /\{\{([^{}]+)\}\}/.exec(url)?.[1];
        const message = missing
          ? `its host is the variable "${missing}", which the collection does not set`
          : `"${url.slice(0, 100)}" is not a whole URL`;
        problems.push({ operation: name, message, kind: "skipped" });
        continue;
      }
      const auth = authOf(request) ?? inherited;
      requests.push({
        name,
        group: folders.join(" / ") || null,
        description: textOf(own(request, "description")) ?? null,
        method: (ownText(request, "method") ?? "GET").toUpperCase(),
        url,
        headers: headersOf(request, variables),
        ...bodyOf(request, variables),
        ...(auth && { auth }),
      });
    }
  };
  walk(ownList(document, "item"), [], authOf(document));
  const info = ownObject(document, "info");
  return toActions(requests, {
    source: "postman",
    name: shortened(ownText(info, "name"), 200) ?? null,
    description: shortened(textOf(own(info, "description")), 2000),
    auth: authOf(document),
    problems,
    found,
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : ownText(value, "content"));

/** Variables may name others, a few levels deep. */
function fill(text: string, variables: ReadonlyMap<string, string>): string {
  let filled = text;
  for (let round = 0; round < 5 && filled.includes("{{"); round++) {
    filled = filled.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => variables.get(name) ?? whole);
    if (filled.length > 100_000) return text;
  }
  return filled;
}

function urlOf(request: Obj): string {
  const url = own(request, "url");
  if (typeof url === "string") return url;
  const raw = ownText(url, "raw");
  if (raw) return raw;
  const host = own(url, "host");
  const path = own(url, "path");
  const join = (value: unknown, by: string): string =>
    Array.isArray(value) ? value.filter((each) => typeof each === "string").join(by) : typeof value === "string" ? value : "";
  return `${ownText(url, "protocol") ?? "https"}://${join(host, ".")}/${join(path, "/")}`;
}

function headersOf(request: Obj, variables: ReadonlyMap<string, string>): [string, string][] {
  return ownList(request, "header").flatMap((header): [string, string][] => {
    const key = ownText(header, "key");
    return key && own(header, "disabled") !== true ? [[key.trim(), fill(ownText(header, "value") ?? "", variables)]] : [];
  });
}

function bodyOf(request: Obj, variables: ReadonlyMap<string, string>): Pick<PlainRequest, "bodyType" | "body" | "fields"> {
  const body = ownObject(request, "body");
  const pairs = (key: string): Obj[] =>
    ownList(body, key).filter((each): each is Obj => isObject(each) && each.disabled !== true && typeof each.key === "string");
  switch (ownText(body, "mode")) {
    case "raw": {
      const language = ownText(ownObject(ownObject(body, "options"), "raw"), "language");
      return {
        bodyType: language === "json" ? "json" : language ? "text" : "form",
        body: fill(ownText(body, "raw") ?? "", variables),
        fields: [],
      };
    }
    case "urlencoded": {
      const form = new URLSearchParams(pairs("urlencoded").map((each) => [String(each.key), fill(String(each.value ?? ""), variables)]));
      return { bodyType: "form", body: form.toString(), fields: [] };
    }
    case "formdata":
      return {
        bodyType: "multipart",
        body: "",
        fields: pairs("formdata").map((each) => ({
          name: String(each.key),
          value: fill(String(each.value ?? ""), variables),
          isFile: each.type === "file",
        })),
      };
    case "graphql": {
      const graphql = ownObject(body, "graphql");
      const variablesText = ownText(graphql, "variables");
      let parsed: unknown = {};
      try {
        parsed = variablesText ? JSON.parse(variablesText) : {};
      } catch {
        // Variables that hold variables: left empty, the input asks for them.
      }
      return { bodyType: "json", body: JSON.stringify({ query: ownText(graphql, "query") ?? "", variables: parsed }), fields: [] };
    }
    default:
      return { bodyType: "none", body: "", fields: [] };
  }
}

function authOf(holder: Obj): ToolAuth | undefined {
  const auth = ownObject(holder, "auth");
  const type = ownText(auth, "type");
  if (!auth || !type) return undefined;
  const given = own(auth, type);
  const value = (key: string): string | undefined =>
    Array.isArray(given)
      ? ownText(
          given.find((each) => ownText(each, "key") === key),
          "value",
        )
      : ownText(given, key);
  switch (type) {
    case "bearer":
      return { type: "bearer" };
    case "basic":
      return { type: "basic" };
    case "oauth2": {
      const [authorizationUrl, tokenUrl] = [value("authUrl"), value("accessTokenUrl")].map((each) =>
        each && /^https?:\/\/[^{}]+$/.test(each) ? each : undefined,
      );
      return { type: "oauth2", ...(authorizationUrl && { authorizationUrl }), ...(tokenUrl && { tokenUrl }) };
    }
    case "apikey":
      return { type: "apiKey", in: value("in") === "query" ? "query" : "header", name: value("key") ?? "X-API-Key" };
    case "noauth":
      return { type: "none" };
    default:
      return undefined;
  }
}
