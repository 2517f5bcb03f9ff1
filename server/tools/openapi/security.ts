import type { ToolAuth } from "@/flow/tools/schema";
import { isObject, type Obj, ownList, ownObject, ownText } from "../imported-tool";
import type { References } from "./references";

/** How the document says that calls prove who they are, as far as a tool can. */
export function readSecurity(document: Obj, references: References): { auth: ToolAuth; notes: string[] } {
  const schemes = ownObject(ownObject(document, "components"), "securitySchemes") ?? ownObject(document, "securityDefinitions") ?? {};
  const named = new Map<string, Obj>();
  for (const [name, given] of Object.entries(schemes)) {
    const scheme = references.get(given);
    if (scheme) named.set(name, scheme);
  }
  if (named.size === 0) {
    return {
      auth: { type: "none" },
      notes: ["The document does not say how calls prove who they are: choose it in the tool's settings if they have to"],
    };
  }
  // What calls may use by themselves comes first, then anything that the document defines.
  const asked = ownList(document, "security").map((each) => Object.keys((each ?? {}) as object));
  const candidates = [...asked.filter((names) => names.length > 0), ...[...named.keys()].map((name) => [name])];
  for (const names of candidates) {
    const auth = combined(names.flatMap((name): Obj[] => [named.get(name)].filter(isObject)));
    if (!auth) continue;
    const others = [...named.keys()].filter((name) => !names.includes(name));
    const notes =
      others.length > 0
        ? [
            `Of several ways to prove who calls, "${names.join(" and ")}" was taken; the document also has ${others.slice(0, 10).join(", ")}`,
          ]
        : [];
    return { auth, notes };
  }
  return { auth: { type: "none" }, notes: [`Ways to prove who calls such as "${[...named.keys()][0]}" are not supported`] };
}

function combined(schemes: Obj[]): ToolAuth | null {
  const [first, ...others] = schemes;
  if (!first) return null;
  if (others.length === 0) return single(first);
  // Several at once: keys in headers can be sent together.
  const headers: Record<string, string> = {};
  for (const scheme of schemes) {
    const name = ownText(scheme, "name");
    if (scheme.type !== "apiKey" || scheme.in !== "header" || !name || !isHeader(name)) return single(first);
    headers[name] = `{{secrets.${fieldName(name)}}}`;
  }
  return { type: "custom", headers };
}

const isHeader = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/.test(name);
const fieldName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");

function single(scheme: Obj): ToolAuth | null {
  const name = ownText(scheme, "name");
  switch (scheme.type) {
    case "basic":
      return { type: "basic" };
    case "http": {
      const kind = ownText(scheme, "scheme")?.toLowerCase();
      return kind === "basic" ? { type: "basic" } : kind === "bearer" ? { type: "bearer" } : null;
    }
    case "apiKey":
      if (!name) return null;
      if (scheme.in === "query") return { type: "apiKey", in: "query", name: name.slice(0, 200) };
      if (scheme.in === "cookie") return { type: "custom", headers: { Cookie: `${name}={{secrets.api_key}}` } };
      return isHeader(name) ? { type: "apiKey", in: "header", name } : null;
    case "oauth2":
      return oauth2(scheme);
    case "openIdConnect":
      return { type: "oauth2" };
    default:
      return null;
  }
}

const url = (text: string | undefined): string | undefined =>
  text && /^https?:\/\//i.test(text) && URL.canParse(text) ? text.slice(0, 2000) : undefined;

function oauth2(scheme: Obj): ToolAuth {
  const flows = ownObject(scheme, "flows");
  const flow =
    ownObject(flows, "authorizationCode") ??
    ownObject(flows, "implicit") ??
    ownObject(flows, "clientCredentials") ??
    ownObject(flows, "password") ??
    scheme;
  const authorizationUrl = url(ownText(flow, "authorizationUrl"));
  const tokenUrl = url(ownText(flow, "tokenUrl"));
  const scopes = Object.keys(ownObject(flow, "scopes") ?? {})
    .filter((scope) => scope.length <= 200)
    .slice(0, 200);
  return {
    type: "oauth2",
    ...(authorizationUrl && { authorizationUrl }),
    ...(tokenUrl && { tokenUrl }),
    ...(scopes.length > 0 && { scopes }),
  };
}
