import { isObject, type Obj, unreadable } from "./imported-tool";

/** Characters of a document. GitHub's, the longest that is known to be used, has 13 million. */
export const MAX_DOCUMENT_LENGTH = 32_000_000;
const MAX_DEPTH = 200;
/** Each alias of a YAML document stands for its anchor's whole content. */
const MAX_ALIASES = 200;

/**
 * A document in JSON or YAML.
 * @throws ServiceError `invalid` when it is too large, too deep or neither
 */
export async function readDocument(text: string): Promise<Obj> {
  if (text.length > MAX_DOCUMENT_LENGTH) {
    throw unreadable(`The document is larger than ${MAX_DOCUMENT_LENGTH / 1_000_000} million characters. Import a part of it.`);
  }
  const trimmed = text.replace(/^\uFEFF/, "").trimStart();
  if (trimmed === "") throw unreadable("The document is empty.");
  const isJson = trimmed.startsWith("{") || trimmed.startsWith("[");
  assertShallow(trimmed, isJson);
  const value = isJson ? parseJson(trimmed) : await parseYaml(trimmed);
  if (!isObject(value))
    throw unreadable("This is neither an OpenAPI document nor a Postman collection: it must be an object in JSON or YAML.");
  if (isTooDeep(value)) throw unreadable(`The document is nested more than ${MAX_DEPTH} levels deep.`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(`The document is not valid JSON: ${error instanceof Error ? error.message.slice(0, 300) : "it can't be parsed"}`);
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, uniqueKeys: false, logLevel: "error", schema: "core" });
  } catch (error) {
    const reason =
      error instanceof RangeError ? "it is nested too deeply" : error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw unreadable(`The document is neither JSON nor valid YAML: ${reason.slice(0, 300)}`);
  }
}

/** Brackets outside of texts, before a parser recurses into them. */
function assertShallow(text: string, isJson: boolean): void {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inText) {
      if (code === 92) index++;
      else if (code === 34) inText = false;
      continue;
    }
    // In YAML a quote may be an apostrophe's neighbour; counting brackets inside of texts errs on the safe side.
    if (code === 34 && isJson) inText = true;
    else if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && depth > 0) depth--;
    if (depth > (isJson ? MAX_DEPTH : MAX_DEPTH * 5)) throw unreadable(`The document is nested more than ${MAX_DEPTH} levels deep.`);
  }
}

/** Level by level; an object that YAML aliases made part of itself is seen once. */
function isTooDeep(root: unknown): boolean {
  const seen = new Set<object>();
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null || seen.has(value)) continue;
      seen.add(value);
      for (const child of Array.isArray(value) ? value : Object.values(value))
        if (typeof child === "object" && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}
