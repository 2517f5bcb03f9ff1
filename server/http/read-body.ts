import type { Readable, Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { FatalError } from "@/flow/execution/errors";

const MAX_ENCODINGS = 2;

/** As browsers are: a body that lacks its trailer, or is empty where there is none to send, is no error. */
const LENIENT = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

const DECODERS: Record<string, () => Transform> = {
  gzip: () => createGunzip(LENIENT),
  "x-gzip": () => createGunzip(LENIENT),
  deflate: () => createInflate(LENIENT),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

const tooLarge = (limit: number): FatalError =>
  new FatalError(
    `The response is larger than ${limit >= 1024 * 1024 ? `${Math.round(limit / 1024 / 1024)} MB` : `${limit} bytes`} and was given up`,
  );

/**
 * Collects a response body, decompressed. What counts towards the limit is what comes out of the decompressor, as it comes out,
 * so that a small body which unpacks to gigabytes is given up early.
 */
export async function readBody(body: Readable, encoding: string | undefined, limit: number): Promise<Uint8Array> {
  const names = (encoding ?? "").split(",").flatMap((name) => name.trim().toLowerCase() || []);
  const decoders = names.filter((name) => name !== "identity").reverse();
  if (decoders.length > MAX_ENCODINGS) throw new FatalError("The response is compressed more often than is sensible");
  let source: Readable = body;
  const streams: Readable[] = [body];
  for (const name of decoders) {
    const make = DECODERS[name];
    if (!make) break;
    const decoder = make();
    source.on("error", (error) => decoder.destroy(error));
    source = source.pipe(decoder);
    streams.push(source);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } finally {
    for (const stream of streams) {
      stream.on("error", () => {});
      stream.destroy();
    }
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}
