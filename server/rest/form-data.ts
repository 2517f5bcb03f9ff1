import type { IncomingCall } from "../http/incoming-call";
import { ServiceError } from "../services/errors";
import { MalformedBodyError } from "./body";

/** Fields of one sent form. Each costs some hundred times its few bytes. */
const MAX_FIELDS = 20_000;
const AMPERSAND = "&".charCodeAt(0);

const tooMany = (): ServiceError => new ServiceError("too_large", `The body has more than ${MAX_FIELDS} fields. Send it in parts.`);

/**
 * Fields of a body of the type `application/x-www-form-urlencoded`.
 * @throws ServiceError `too_large`
 */
export function readUrlEncoded(bytes: Uint8Array): URLSearchParams {
  let fields = 1;
  for (const byte of bytes) if (byte === AMPERSAND) fields++;
  if (fields > MAX_FIELDS) throw tooMany();
  return new URLSearchParams(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
}

/**
 * A sent form of either kind, files among it.
 * @throws ServiceError `too_large`; MalformedBodyError for a body that is none
 */
export async function readFormData(request: IncomingCall, bytes: Buffer): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  const mark = boundary ? Buffer.from(`--${boundary[1] ?? boundary[2] ?? ""}`) : Buffer.from("&");
  let fields = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) {
    if (++fields > MAX_FIELDS) throw tooMany();
  }
  return new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData().catch(() => {
    throw new MalformedBodyError("The body is not a sent form.");
  });
}

/** Fields by name; those that come several times are lists. `__proto__` is a name like any other. */
export function valuesByName(entries: Iterable<[string, string]>): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of entries) {
    const known = fields.get(name);
    if (known === undefined) fields.set(name, value);
    else if (Array.isArray(known)) known.push(value);
    else fields.set(name, [known, value]);
  }
  return Object.fromEntries(fields);
}
