import { z } from "zod";
import { db } from "@/server/db";
import { arrivalTypeSchema } from "@/server/triggers/held-arrivals";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { decodeCursor, encodeCursor } from "../cursor";
import { idSchema, instantSchema, parse } from "../parse";
import { type ArrivalSummary, arrivalSummaryOf } from "./types";

export const listArrivalsSchema = z.object({
  flowId: idSchema.optional(),
  triggerId: idSchema.optional(),
  /** What they came by; by anything when none is named. */
  type: z.array(arrivalTypeSchema).max(20).optional(),
  /** `waiting`: to be replayed or discarded. `replayed`: started an execution since. `test`: came to a test URL. */
  state: z.enum(["waiting", "replayed", "test"]).default("waiting"),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});

const cursorSchema = z.tuple([instantSchema, idSchema]);

/** Arrivals of the organization that started nothing when they came, newest first. */
export async function listArrivals({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listArrivalsSchema> }): Promise<{
  arrivals: ArrivalSummary[];
  nextCursor: string | null;
}> {
  const { organizationId } = authorize(ctx, "viewer");
  const { flowId, triggerId, type = [], state, cursor, limit } = parse(listArrivalsSchema, input);
  const after = cursor ? decodeCursor(cursorSchema, cursor) : null;
  const rows = await db().triggerEvent.findMany({
    where: {
      organizationId,
      heldFor: state === "test" ? "test" : { in: ["inactive", "broken", "busy", "refused"] },
      ...(state !== "test" && { replayedAs: state === "waiting" ? null : { not: null } }),
      ...(flowId !== undefined && { flowId }),
      ...(triggerId !== undefined && { triggerId }),
      ...(type.length > 0 && { type: { in: type } }),
      ...(after && { OR: [{ receivedAt: { lt: after[0] } }, { receivedAt: after[0], id: { lt: after[1] } }] }),
    },
    orderBy: [{ receivedAt: "desc" }, { id: "desc" }],
    take: limit + 1,
    omit: { input: true },
  });
  const page = rows.slice(0, limit);
  const flows = await db().flow.findMany({
    where: { organizationId, id: { in: [...new Set(page.map((row) => row.flowId))] } },
    select: { id: true, name: true },
  });
  const names = new Map(flows.map(({ id, name }) => [id, name]));
  const end = rows.length > limit ? page.at(-1) : undefined;
  return {
    arrivals: page.map((row) => arrivalSummaryOf(row, names.get(row.flowId))),
    nextCursor: end ? encodeCursor([end.receivedAt.toISOString(), end.id]) : null,
  };
}
