import type { z } from "zod";
import { meetsConditions } from "@/flow/node/conditions";
import type { NodeExecutor } from "@/flow/node/context";
import { routeItems, zoneOf } from "../route-items";
import type { ifNode } from "./definition";

const TRUE = [0];
const FALSE = [1];

export const execute: NodeExecutor<z.infer<typeof ifNode.parameters>> = (context) =>
  routeItems(
    context,
    2,
    (itemIndex) => {
      const place = { field: "conditions", itemIndex, timezone: zoneOf(context, itemIndex) };
      return meetsConditions(context.parameters(itemIndex).conditions, place) ? TRUE : FALSE;
    },
    // What can't be judged does not meet the conditions.
    ({ json }) => ({ output: 1, json }),
  );
