import { FatalError } from "../execution/errors";
import type { SecretEncoding, SecretPlace } from "./render";

interface Fillable {
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  secrets?: Readonly<Record<string, SecretPlace>>;
}

/**
 * A request with the fields of its credential in place of the tokens that stand for them. Called by the guarded client alone,
 * at the last moment: what comes out is sent and never kept.
 * @throws FatalError when the credential has no field of that name, or its value does not fit the place
 */
export function fillSecrets<R extends Fillable>(request: R, fields: Readonly<Record<string, string>> | null): R {
  const places = Object.entries(request.secrets ?? {});
  if (places.length === 0) return request;
  const values = new Map(places.map(([token, place]) => [token, encoded(place, fields)]));
  const fill = (text: string, write: (value: string) => string = (value) => value): string => {
    let filled = text;
    for (const [token, value] of values) filled = filled.replaceAll(token, () => write(value));
    return filled;
  };
  const headers = request.headers && Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fill(value)]));
  const { secrets: _, ...rest } = request;
  return {
    ...rest,
    url: fill(request.url),
    ...(headers && { headers }),
    ...(request.body !== undefined && { body: fillBody(request.body, [...values.keys()], fill) }),
  } as R;
}

type Fill = (text: string, write?: (value: string) => string) => string;

const asLatin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

function fillBody(body: string | Uint8Array, tokens: readonly string[], fill: Fill): string | Uint8Array {
  if (typeof body === "string") return fill(body);
  // Bytes pass unchanged through Latin-1, what is put in as bytes of UTF-8.
  const text = asLatin1(body);
  if (!tokens.some((token) => text.includes(token))) return body;
  const filled = fill(text, (value) => asLatin1(new TextEncoder().encode(value)));
  return Uint8Array.from(filled, (character) => character.charCodeAt(0));
}

function encoded({ field, encoding }: SecretPlace, fields: Readonly<Record<string, string>> | null): string {
  const value = fields !== null && Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (value === undefined) {
    throw new FatalError(
      fields === null ? `Choose a credential: the call needs its "${field}"` : `The credential has no "${field}", which the call needs`,
    );
  }
  return ENCODE[encoding](value, field);
}

const refuse = (field: string, why: string): never => {
  throw new FatalError(`The credential's "${field}" ${why}`);
};

const ENCODE: Record<SecretEncoding, (value: string, field: string) => string> = {
  // A domain or an account's part of one: nothing that would end the host's place in the URL.
  host: (value, field) => {
    const host = value.replace(/^https?:\/\//i, "").replace(/\/+$/, "");
    return /^[\w.:-]+(\/[\w.~/-]*)?$/.test(host) && !host.includes("..") ? host : refuse(field, "is not a host name");
  },
  url: (value, field) => (/^\.{0,2}$/.test(value) ? refuse(field, "does not fit into a path") : encodeURIComponent(value)),
  header: (value, field) => (/[\r\n\0]/.test(value) ? refuse(field, "has a line break in it, which headers can't have") : value),
  json: (value) => JSON.stringify(value).slice(1, -1),
  form: (value) => encodeURIComponent(value),
  text: (value) => value,
};
