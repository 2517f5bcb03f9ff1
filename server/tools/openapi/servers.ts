import { isObject, type Obj, own, ownList, ownObject, ownText } from "../imported-tool";

/** Where a document was, or a server that a person gave in its stead. */
export interface BaseUrl {
  sourceUrl?: string | undefined;
}

/**
 * The address that a document's calls go to; null when it names none that can be used.
 */
export function readBaseUrl(document: Obj, { sourceUrl }: BaseUrl, notes: string[]): string | null {
  if (ownText(document, "swagger")) return legacyBaseUrl(document, sourceUrl);
  const servers = ownList(document, "servers").filter(isObject);
  if (servers.length === 0) return sourceUrl ? new URL("/", sourceUrl).href.replace(/\/$/, "") : null;
  for (const server of servers) {
    const url = serverUrl(server, sourceUrl, notes);
    if (url) return url;
  }
  return null;
}

/** One server's address with its variables filled in; null for what is no address of the web. */
export function serverUrl(server: unknown, sourceUrl: string | undefined, notes: string[]): string | null {
  const variables = ownObject(server, "variables") ?? {};
  const text = (ownText(server, "url") ?? "").trim().replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = own(variables, name);
    const value = own(variable, "default") ?? ownList(variable, "enum")[0];
    if (value === undefined) return whole;
    const choices = ownList(variable, "enum").length;
    notes.push(
      `The server's "${name}" is taken as "${String(value)}"${choices > 1 ? `, one of ${choices}` : ""}: change the base URL if yours is another`,
    );
    return String(value);
  });
  if (/[{}]/.test(text)) return null;
  try {
    const url = sourceUrl ? new URL(text, sourceUrl) : new URL(text);
    if (url.protocol !== "https:" && url.protocol !== "http:") return null;
    url.search = "";
    url.hash = "";
    url.username = "";
    url.password = "";
    return url.href.replace(/\/+$/, "");
  } catch {
    return null;
  }
}

function legacyBaseUrl(document: Obj, sourceUrl: string | undefined): string | null {
  const host = ownText(document, "host") ?? (sourceUrl ? new URL(sourceUrl).host : undefined);
  if (!host) return null;
  const schemes = ownList(document, "schemes");
  const scheme = schemes.includes("https") || !schemes.includes("http") ? "https" : "http";
  const text = `${scheme}://${host}${ownText(document, "basePath") ?? ""}`;
  return URL.canParse(text) ? new URL(text).href.replace(/\/+$/, "") : null;
}
