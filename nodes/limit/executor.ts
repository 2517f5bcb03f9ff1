import type { z } from "zod";
import type { NodeExecutor } from "@/flow/node/context";
import type { limit } from "./definition";

export const execute: NodeExecutor<z.infer<typeof limit.parameters>> = ({ items, parameters }) => {
  if (items.length === 0) return [[]];
  const { maxItems, keep } = parameters(0);
  const start = keep === "first" ? 0 : Math.max(0, items.length - maxItems);
  return [items.slice(start, start + maxItems).map((item, index) => ({ ...item, pairedItem: { item: start + index } }))];
};
