import { z } from "zod";
import type { Item } from "@/flow/item";
import type { TriggerEvent } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { readPayloadText, storedItemsSchema } from "../executions/payloads";
import { jsonColumn } from "../executions/read";
import { idSchema, parse } from "../parse";
import { type ArrivalSummary, arrivalSummaryOf } from "./types";

export const arrivalIdSchema = z.object({ id: idSchema });

export interface ArrivalDetail extends ArrivalSummary {
  /** What it brought; null once it was replayed, as its execution has it then. */
  items: Item[] | null;
}

/** @throws ServiceError `not_found`, for another organization's arrival too, and for one that started an execution when it came. */
export async function findArrival(organizationId: string, id: string): Promise<TriggerEvent> {
  const arrival = await db().triggerEvent.findFirst({ where: { id, organizationId, heldFor: { not: null } } });
  if (!arrival) throw notFound("Arrival");
  return arrival;
}

export const arrivalItems = async (arrival: TriggerEvent): Promise<Item[] | null> =>
  jsonColumn(storedItemsSchema, await readPayloadText(arrival.input, arrival.inputPayloadId));

/** A kept arrival with what it brought. */
export async function getArrival({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof arrivalIdSchema> }): Promise<ArrivalDetail> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(arrivalIdSchema, input);
  const arrival = await findArrival(organizationId, id);
  const flow = await db().flow.findFirst({ where: { id: arrival.flowId, organizationId }, select: { name: true } });
  return { ...arrivalSummaryOf(arrival, flow?.name), items: await arrivalItems(arrival) };
}
