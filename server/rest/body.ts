import type { IncomingCall } from "../http/incoming-call";
import { ServiceError } from "../services/errors";

/**
 * A request's body, up to a size. Reading stops where the limit is passed, whatever the sender announced.
 * @throws ServiceError `too_large`; MalformedBodyError when it breaks off
 */
export async function readBody(request: IncomingCall, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch {
    // The sender left or its connection broke: nothing of ours is at fault, and a log could be filled with it.
    throw new MalformedBodyError("The body ended before it was whole.");
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return chunks.length === 1 && chunks[0]
    ? Buffer.from(chunks[0].buffer, chunks[0].byteOffset, chunks[0].byteLength)
    : Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number): ServiceError => new ServiceError("too_large", `The body is larger than ${maxBytes} bytes.`);

/** Lists and objects of one body. Each costs some forty times its two bytes: a body of nothing else would fill the memory. */
const MAX_CONTAINERS = 1_000_000;
const LIST = "[".charCodeAt(0);
const OBJECT = "{".charCodeAt(0);

/**
 * Refuses JSON that is small as text and huge as values, before it is parsed. Brackets inside of texts count as well.
 * @throws ServiceError `too_large`
 */
export function assertParsable(body: Uint8Array): void {
  if (body.length <= MAX_CONTAINERS) return;
  let containers = 0;
  for (const byte of body) if (byte === LIST || byte === OBJECT) containers++;
  if (containers > MAX_CONTAINERS) {
    throw new ServiceError("too_large", `The body has more than ${MAX_CONTAINERS} lists and objects. Send it in parts.`);
  }
}

/**
 * A body as JSON. No body is `undefined`.
 * @throws ServiceError `invalid` with the parser's reason; `too_large`
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  assertParsable(body);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new MalformedBodyError(`The body is not valid JSON: ${error instanceof Error ? error.message : "it cannot be read"}`);
  }
}

/** A body that is not what its content type says: 400, where a well-formed but wrong one is 422. */
export class MalformedBodyError extends ServiceError {
  constructor(message: string) {
    super("invalid", message, { issues: [{ field: "", message, code: "malformed" }] });
  }
}
