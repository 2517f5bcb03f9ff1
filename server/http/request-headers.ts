import { FatalError } from "@/flow/execution/errors";

/** Headers of one connection, which the client sets itself. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "expect", "te", "trailer"]);
const SECRET_NAME =
  /^(authorization|cookie|cookie2|proxy-authorization)$|api-?key|token|secret|auth|signature|session|password|credential/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Headers to send, by lower-case name. A user and password in the URL become basic authentication.
 * @throws FatalError for a name or value that could not be sent as one header.
 */
export function requestHeaders(given: Record<string, string> | undefined, url: URL): Record<string, string> {
  const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "gzip, deflate, br", "user-agent": "tolstoy" };
  if (url.username || url.password) {
    const pair = `${decoded(url.username)}:${decoded(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  for (const [name, value] of Object.entries(given ?? {})) {
    const lower = name.trim().toLowerCase();
    if (!TOKEN.test(lower)) throw new FatalError(`"${name.slice(0, 100)}" is not a header name`);
    if (HOP_BY_HOP.has(lower)) continue;
    const text = String(value).trim();
    if (hasControlCharacter(text)) throw new FatalError(`The value of the header "${name}" has a line break or control character in it`);
    // What is outside Latin-1 can't be sent as it is; bytes of UTF-8 are what servers that accept it expect.
    headers[lower] = [...text].some((char) => (char.codePointAt(0) ?? 0) > 255) ? Buffer.from(text).toString("latin1") : text;
  }
  return headers;
}

/** Headers that may follow a redirect to another origin: nothing that looks like a credential. */
export const withoutSecrets = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "host" && !SECRET_NAME.test(name)));

/** A stray % stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}
