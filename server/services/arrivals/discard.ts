import type { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { arrivalIdSchema, findArrival } from "./get";

/**
 * Deletes a kept arrival for good.
 * @throws ServiceError `conflict` once it was replayed: it is its execution's record then
 */
export async function discardArrival({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof arrivalIdSchema>;
}): Promise<{ id: string; discarded: true }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(arrivalIdSchema, input);
  const arrival = await findArrival(caller.organizationId, id);
  await db().$transaction(async (tx) => {
    const { count } = await tx.triggerEvent.deleteMany({ where: { id, organizationId: caller.organizationId, replayedAs: null } });
    if (count === 0) throw new ServiceError("conflict", "This arrival was replayed: there is nothing left to discard.");
    if (arrival.inputPayloadId !== null) {
      await tx.payload.deleteMany({ where: { id: arrival.inputPayloadId, organizationId: caller.organizationId } });
    }
    await recordAudit(tx, caller, { action: "arrival.discard", target: `arrival:${id}`, data: { flowId: arrival.flowId } });
  });
  return { id, discarded: true };
}
