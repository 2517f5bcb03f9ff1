import type { z } from "zod";
import { meetsConditions } from "@/flow/node/conditions";
import type { NodeExecutor } from "@/flow/node/context";
import { routeItems, zoneOf } from "../route-items";
import type { filter } from "./definition";

const KEPT = [0];
const DISCARDED: number[] = [];

export const execute: NodeExecutor<z.infer<typeof filter.parameters>> = (context) =>
  routeItems(context, 1, (itemIndex) => {
    const place = { field: "conditions", itemIndex, timezone: zoneOf(context, itemIndex) };
    return meetsConditions(context.parameters(itemIndex).conditions, place) ? KEPT : DISCARDED;
  });
