import { setImmediate as nextTurn } from "node:timers/promises";
import { checkAction } from "@/flow/tools/check-action";
import { type ActionDefinition, actionSchema, baseUrlSchema } from "@/flow/tools/schema";
import { MAX_ACTIONS } from "../../services/tools/check";
import { freeKey, keyFromName } from "../../services/tools/key";
import {
  type ImportedTool,
  type ImportProblem,
  isObject,
  type Obj,
  own,
  ownList,
  ownObject,
  ownText,
  shortened,
  unreadable,
} from "../imported-tool";
import { isMethod, readOperation } from "./operations";
import { References } from "./references";
import { readSecurity } from "./security";
import { readBaseUrl, serverUrl } from "./servers";

export interface OpenApiOptions {
  /** Where the document was fetched: relative servers are relative to it. */
  sourceUrl?: string | undefined;
  /** In place of the document's servers. */
  baseUrl?: string | undefined;
}

const MAX_PROBLEMS = 2000;
/** Operations read in one go. */
const TURN = 50;

export const isOpenApi = (document: Obj): boolean => own(document, "openapi") !== undefined || own(document, "swagger") !== undefined;

/**
 * A tool out of an OpenAPI 3 or Swagger 2 document: an action for each operation. What is wrong with one is told, and the
 * rest is imported.
 * @throws ServiceError `invalid` when the document is of another version, has no operations or names no server
 */
export async function importOpenApi(document: Obj, { sourceUrl, baseUrl: given }: OpenApiOptions = {}): Promise<ImportedTool> {
  const version = String(own(document, "openapi") ?? own(document, "swagger") ?? "");
  const isLegacy = own(document, "openapi") === undefined;
  if (isLegacy ? !version.startsWith("2") : !version.startsWith("3")) {
    throw unreadable(`This is OpenAPI ${version.slice(0, 20)}. Versions 3.0 and 3.1, and Swagger 2.0, can be imported.`);
  }
  const references = new References(document);
  const problems: ImportProblem[] = [];
  const report = (operation: string | null, message: string, kind: ImportProblem["kind"]): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ operation, message, kind });
  };
  const notes: string[] = [];
  const baseUrl = given ?? readBaseUrl(document, { sourceUrl }, notes);
  if (baseUrl === null || !baseUrlSchema.safeParse(baseUrl).success) {
    throw unreadable("The document does not say which server to call. Give the base URL, such as https://api.example.com.");
  }
  const security = readSecurity(document, references);
  for (const note of [...notes, ...security.notes]) report(null, note, "changed");

  const info = ownObject(document, "info");
  const description = shortened(ownText(info, "description") ?? ownText(info, "summary"), 2000);
  const name = shortened(ownText(info, "title"), 200) ?? new URL(baseUrl.replaceAll(/\{\{[^}]*\}\}/g, "x")).hostname;
  const allowedHosts = new Set<string>();
  const actions: ActionDefinition[] = [];
  const keys = new Set<string>();
  let found = 0;
  const consumes = ownList(document, "consumes").filter((type): type is string => typeof type === "string");

  for (const [path, givenItem] of Object.entries(ownObject(document, "paths") ?? {})) {
    if (path.startsWith("x-")) continue;
    const item = references.get(givenItem);
    if (!item) {
      report(path, "The path leads to nothing that is in the document", "skipped");
      continue;
    }
    for (const [word, operation] of Object.entries(item)) {
      const method = word.toUpperCase();
      if (!isObject(operation) || word !== word.toLowerCase() || word === "parameters") continue;
      if (!isMethod(method)) {
        if (method === "TRACE") report(`TRACE ${path}`, "Requests of the method TRACE can't be sent", "skipped");
        continue;
      }
      found++;
      // Others have their turn: a document may have thousands of operations.
      if (found % TURN === 0) await nextTurn();
      const title = `${method} ${path}`;
      if (actions.length >= MAX_ACTIONS) {
        if (actions.length === MAX_ACTIONS)
          report(title, `A tool can have ${MAX_ACTIONS} actions: this and what follows is left out`, "skipped");
        continue;
      }
      try {
        const read = readOperation({ path, method, item, operation, references, isLegacy, consumes });
        const [server] = [...ownList(operation, "servers"), ...ownList(item, "servers")];
        const elsewhere = server && given === undefined ? serverUrl(server, baseUrl, []) : null;
        const endpoint = elsewhere && elsewhere !== baseUrl ? `${elsewhere}${read.action.endpoint}` : read.action.endpoint;
        const hosts = elsewhere && elsewhere !== baseUrl ? [new URL(elsewhere).host] : [];
        const key = freeKey(keyFromName(read.keyName, "action"), (each) => keys.has(each));
        const parsed = actionSchema.safeParse({ ...read.action, endpoint, key });
        if (!parsed.success) throw new Error(describe(parsed.error.issues));
        const issues = checkAction(parsed.data, { baseUrl, allowedHosts: [...allowedHosts, ...hosts] });
        if (issues.length > 0) throw new Error(issues.map(({ field, message }) => `${field}: ${message}`).join("; "));
        for (const host of hosts) allowedHosts.add(host);
        keys.add(key);
        actions.push(parsed.data);
        for (const note of read.notes) report(title, note, "changed");
      } catch (error) {
        report(title, error instanceof Error ? error.message.slice(0, 500) : "It can't be read", "skipped");
      }
    }
  }
  if (found === 0) throw unreadable("The document has no operations: nothing in its paths can be called.");
  for (const pointer of [...references.broken].slice(0, 50))
    report(null, `${pointer.slice(0, 200)} is not in the document; what refers to it takes any value`, "changed");
  return {
    source: "openapi",
    tool: { name, baseUrl, auth: security.auth, allowedHosts: [...allowedHosts].slice(0, 50), ...(description && { description }) },
    actions,
    problems,
    found,
  };
}

const describe = (issues: { path: PropertyKey[]; message: string }[]): string =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join(".")}: ${message}`)
    .join("; ");
