import type { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import { findPlace, keySchema, placeSchema, targetOf } from "./place";

export const deleteStorageSchema = placeSchema.extend({ key: keySchema });

/** Deletes a value that is kept. */
export async function deleteStorage({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof deleteStorageSchema>;
}): Promise<{ key: string; deleted: true }> {
  const caller = authorize(ctx, "editor");
  const { key, ...where } = parse(deleteStorageSchema, input);
  await db().$transaction(async (tx) => {
    const place = await findPlace(tx, caller.organizationId, where);
    const { count } = await tx.flowStorage.deleteMany({ where: { ...place, key } });
    if (count === 0) throw notFound("Value");
    await recordAudit(tx, caller, { action: "storage.delete", target: targetOf(place), data: { key, nodeId: place.nodeId } });
  });
  return { key, deleted: true };
}
