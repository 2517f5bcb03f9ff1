/**
 * Where a credential may go, as people write it: `api.example.com`, `*.example.com`, `api.example.com:8443`,
 * `http://localhost:3000`. Without a scheme it is https, without a port the scheme's own.
 */
export interface BoundHost {
  protocol: "http:" | "https:";
  /** Lower case, without the `*.`. */
  hostname: string;
  /** Also, and only, names below `hostname`. */
  wildcard: boolean;
  /** Empty: the protocol's own. */
  port: string;
}

const SHAPE = /^(?:(https?):\/\/)?(\*\.)?(\[[0-9a-f:.]+\]|[^\s/:*?#@[\]\\]+)(?::(\d{1,5}))?\/?$/i;

/** Null for what is no host. A `*` stands for names below one that has at least two parts: `*.com` is none. */
export function parseBoundHost(text: string): BoundHost | null {
  const [, scheme = "https", star, host = "", port] = SHAPE.exec(text.trim()) ?? [];
  if (host === "") return null;
  const protocol = scheme.toLowerCase() === "http" ? "http:" : "https:";
  let url: URL;
  try {
    url = new URL(`${protocol}//${host}${port === undefined ? "" : `:${port}`}`);
  } catch {
    return null;
  }
  const wildcard = star !== undefined;
  if (wildcard && (!/^[^.]+(\.[^.]+)+$/.test(url.hostname) || /^[\d.]+$/.test(url.hostname) || url.hostname.startsWith("["))) return null;
  return { protocol, hostname: url.hostname, wildcard, port: url.port };
}

const matches = (bound: BoundHost, url: URL): boolean =>
  bound.protocol === url.protocol &&
  bound.port === url.port &&
  (bound.wildcard ? url.hostname.endsWith(`.${bound.hostname}`) : url.hostname === bound.hostname);

/** Whether a credential that is bound to these hosts may go to this URL. */
export const isBoundTo = (hosts: readonly string[], url: URL): boolean =>
  hosts.some((host) => {
    const bound = parseBoundHost(host);
    return bound !== null && matches(bound, url);
  });

/** What a base URL binds its credentials to: exactly its own host. */
export function hostOf(baseUrl: string): string | null {
  if (!URL.canParse(baseUrl)) return null;
  const url = new URL(baseUrl);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return url.protocol === "https:" ? url.host : url.origin;
}
