import type { Pool } from "pg";
import { newPayloadId } from "../ids";

/** Bytes of JSON text that a row holds itself. */
export const INLINE_LIMIT = 65_536;

/** JSON text as it is stored: in the row, or beside it in the payload store. */
export interface StoredText {
  inline: string | null;
  payloadId: string | null;
  bytes: Buffer | null;
}

export function storedText(text: string | null): StoredText {
  if (text === null || Buffer.byteLength(text) <= INLINE_LIMIT) return { inline: text, payloadId: null, bytes: null };
  return { inline: null, payloadId: newPayloadId(), bytes: Buffer.from(text) };
}

/** The text of a column, wherever it is kept; null where there is none. */
export async function readText(pool: Pool, inline: string | null, payloadId: string | null): Promise<string | null> {
  if (payloadId === null) return inline;
  const { rows } = await pool.query<{ bytes: Buffer }>({
    name: "inngest_payload",
    text: "select bytes from payload where id = $1",
    values: [payloadId],
  });
  return rows[0]?.bytes.toString() ?? null;
}
