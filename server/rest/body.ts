import { ServiceError } from "../services/errors";

/**
 * A request's body, up to a size. Reading stops where the limit is passed, whatever the sender announced.
 * @throws ServiceError `too_large`; MalformedBodyError when it breaks off
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
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

/**
 * A body as JSON. No body is `undefined`.
 * @throws ServiceError `invalid` with the parser's reason.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
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
