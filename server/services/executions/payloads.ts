import { z } from "zod";
import type { Item } from "@/flow/item";
import { db } from "@/server/db";

/** JSON text of a column, or of the payload store where it was too large for the row; null where there is none. */
export async function readPayloadText(inline: string | null, payloadId: string | null): Promise<string | null> {
  if (inline !== null || payloadId === null) return inline;
  const payload = await db().payload.findUnique({ where: { id: payloadId }, select: { bytes: true } });
  return payload ? Buffer.from(payload.bytes).toString("utf8") : null;
}

/** Items that we wrote ourselves: what is in them was checked then, and checking 10,000 of them again costs more than reading them. */
export const storedItemsSchema = z.custom<Item[]>((value) => Array.isArray(value));
