import { DEFAULT_PLACEMENT } from "@/flow/credentials/settings";
import { FatalError } from "@/flow/execution/errors";
import type { HttpRequest } from "@/flow/node/context";
import type { Hop } from "../http/guarded-client";
import type { OpenCredential } from "./open";

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** Parts of a request that a credential adds by itself. */
function partsOf(credential: OpenCredential): { in: "header" | "query"; name: string; value: string }[] {
  const { type, fields, settings } = credential;
  const authorization = (value: string) => [{ in: "header" as const, name: "authorization", value }];
  switch (type) {
    case "basic_auth":
      return authorization(basic(fields.username ?? "", fields.password ?? ""));
    case "bearer":
      return authorization(`Bearer ${fields.token ?? ""}`);
    case "oauth2":
      return authorization(`Bearer ${fields.access_token ?? ""}`);
    default: {
      const placements = settings.placements ?? (type === "api_key" ? [DEFAULT_PLACEMENT] : []);
      return placements.flatMap(({ in: place, name, field, prefix }) => {
        const value = fields[field];
        return value === undefined ? [] : [{ in: place, name, value: `${prefix}${value}` }];
      });
    }
  }
}

/** Every value that must be seen nowhere once the credential was used: the secrets, and what is made of them. */
export const secretsOf = (credential: OpenCredential): string[] => [
  ...credential.secrets,
  ...(credential.type === "basic_auth"
    ? [basic(credential.fields.username ?? "", credential.fields.password ?? "").slice("Basic ".length)]
    : []),
];

/** Names of the credential's fields, by the text of the request that stands for each. */
type Markers = NonNullable<HttpRequest["credentialFields"]>;

/**
 * The hop with what the credential adds. With markers the request says itself where the fields go, and nothing else is added.
 * @throws FatalError for a field that the credential does not have, or that does not fit into its place
 */
export function addCredential(hop: Hop, credential: OpenCredential, markers: Markers | undefined): Hop {
  if (markers) return fillMarkers(hop, credential, markers);
  const url = new URL(hop.url);
  const headers = { ...hop.headers };
  for (const { in: place, name, value } of partsOf(credential)) {
    if (place === "query") url.searchParams.set(name, value);
    else headers[name.toLowerCase()] = headerValue(value, credential);
  }
  return { ...hop, url, headers };
}

/** Names under which tools ask for the one secret that a credential has. */
const ALIASES: Record<string, string[]> = {
  access_token: ["token", "bot_token", "api_key"],
  token: ["access_token", "api_key"],
  api_key: ["key", "token", "access_token"],
};

function fieldOf({ fields }: OpenCredential, name: string): string | undefined {
  const known = [name, ...(Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? []) : [])];
  return known.filter((each) => Object.hasOwn(fields, each)).map((each) => fields[each])[0];
}

function fill(text: string, credential: OpenCredential, markers: Markers, encode: (value: string, field: string) => string): string {
  let filled = text;
  for (const [marker, field] of Object.entries(markers)) {
    if (!filled.includes(marker)) continue;
    const value = fieldOf(credential, field);
    if (value === undefined) throw new FatalError(`The credential "${credential.name}" has no "${field}", which the call needs`);
    filled = filled.replaceAll(marker, () => encode(value, field));
  }
  return filled;
}

/** The URL with what stands in its host filled in: a domain says where a request goes, and is checked like any other. */
export function fillHost(text: string, credential: OpenCredential, markers: Markers | undefined): string {
  if (!markers) return text;
  const [, scheme = "", host = "", rest = ""] = /^(https?:\/\/)([^/?#]*)(.*)$/is.exec(text.trim()) ?? [];
  if (host === "") return text;
  const encode = (value: string, field: string): string => {
    const bare = value.replace(/^https?:\/\//i, "").replace(/\/+$/, "");
    if (/^[\w.-]+(:\d{1,5})?$/.test(bare)) return bare;
    throw new FatalError(`The "${field}" of the credential "${credential.name}" is not a host name`);
  };
  return `${scheme}${fill(host, credential, markers, encode)}${rest}`;
}

/**
 * An access token that stands in for an API key goes as OAuth says, whatever the service wants before its own keys: nothing (Linear),
 * `Bot` (Discord), `Token`. Where the request itself asks for an access token, it says how.
 */
function asAccessToken(text: string, { type }: OpenCredential, markers: Markers): string {
  if (type !== "oauth2") return text;
  const marker = Object.keys(markers).find((each) => text.endsWith(each));
  if (marker === undefined || markers[marker] === "access_token") return text;
  return /^(?:[\w-]+ )?$/.test(text.slice(0, -marker.length)) ? `Bearer ${marker}` : text;
}

function fillMarkers(hop: Hop, credential: OpenCredential, markers: Markers): Hop {
  const type = hop.headers["content-type"] ?? "";
  const inUrl = (value: string, field: string): string => {
    if (/^\.{1,2}$/.test(value)) throw new FatalError(`The "${field}" of the credential "${credential.name}" does not fit into a path`);
    // A token such as Telegram's has a colon in it, which is one of a path's own characters.
    return encodeURIComponent(value).replaceAll("%3A", ":");
  };
  const inBody = (value: string): string =>
    /json/i.test(type) ? JSON.stringify(value).slice(1, -1) : /x-www-form-urlencoded/i.test(type) ? encodeURIComponent(value) : value;
  const url = new URL(hop.url);
  url.pathname = fill(url.pathname, credential, markers, inUrl);
  url.search = fill(url.search, credential, markers, inUrl);
  const headers = Object.fromEntries(
    Object.entries(hop.headers).map(([name, text]) => {
      const template = name.toLowerCase() === "authorization" ? asAccessToken(text, credential, markers) : text;
      return [name, headerValue(fill(template, credential, markers, String), credential)];
    }),
  );
  return { ...hop, url, headers, body: typeof hop.body === "string" ? fill(hop.body, credential, markers, inBody) : hop.body };
}

/** Told without the value: an error of the client below would quote it. */
function headerValue(value: string, credential: OpenCredential): string {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if ((code < 32 && code !== 9) || code === 127 || code > 255) {
      throw new FatalError(`The credential "${credential.name}" holds a character that cannot be sent in a header. Enter its values anew`);
    }
  }
  return value.trim();
}
