import { z } from "zod";
import type { Json } from "@/flow/item";
import { assertStorable } from "@/flow/node/storage-limits";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { findPlace, keySchema, placeSchema, targetOf } from "./place";

export const setStorageSchema = placeSchema.extend({ key: keySchema, value: z.json() });

/** Sets a value by hand. The audit log says that, not the value. */
export async function setStorage({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setStorageSchema>;
}): Promise<{ key: string }> {
  const caller = authorize(ctx, "editor");
  const { key, value, ...where } = parse(setStorageSchema, input);
  const text = storable(key, value as Json);
  await db().$transaction(async (tx) => {
    const place = await findPlace(tx, caller.organizationId, where);
    await tx.$executeRaw`
      insert into flow_storage (organization_id, flow_id, node_id, key, value)
      values (${place.organizationId}, ${place.flowId}, ${place.nodeId}, ${key}, ${text})
      on conflict (organization_id, flow_id, node_id, execution_id, key)
      do update set value = excluded.value, version = default, updated_at = now()`;
    await recordAudit(tx, caller, { action: "storage.set", target: targetOf(place), data: { key, nodeId: place.nodeId } });
  });
  return { key };
}

function storable(key: string, value: Json): string {
  try {
    return assertStorable(key, value);
  } catch (error) {
    throw new ServiceError("invalid", error instanceof Error ? error.message : String(error));
  }
}
