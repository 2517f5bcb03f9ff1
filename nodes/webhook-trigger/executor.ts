import type { z } from "zod";
import type { Item } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import type { webhookTrigger } from "./definition";

/** Passes on the recorded call (`headers`, `params`, `query` and `body` of one item), by the output of its method where there are several. */
export const execute: NodeExecutor<z.infer<typeof webhookTrigger.parameters>> = (context) => {
  const { methods, outputPerMethod } = context.parameters(0);
  const items: Item[] = context.items.length > 0 ? [...context.items] : [{ json: { headers: {}, params: {}, query: {}, body: {} } }];
  if (!outputPerMethod || methods.length < 2) return [items];
  const called = methods.indexOf(items[0]?.json.method as (typeof methods)[number]);
  return methods.map((_, output) => (output === Math.max(0, called) ? items : []));
};
