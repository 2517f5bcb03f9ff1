import { z } from "zod";
import type { GraphNode } from "@/flow/graph/schema";
import type { Item, JsonObject } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import type { AnyNodeDefinition } from "@/flow/node/define-node";

const binarySchema = z.object({
  mimeType: z.string().max(200),
  fileName: z.string().max(500).optional(),
  fileExtension: z.string().max(50).optional(),
  fileSize: z.number().nonnegative().optional(),
  /** Base64. A reference into the payload store cannot be given from outside: it might be another organization's. */
  data: z.base64(),
});

const itemSchema: z.ZodType<Item> = z.object({ json: jsonObjectSchema, binary: z.record(z.string(), binarySchema).optional() });

/** Items that an execution starts with, as a caller may give them. */
export const itemsSchema = z.array(itemSchema).min(1).max(10_000);

/** What a trigger node gives when it is started by hand or by the API with these variables. */
export function startItems(trigger: { definition: AnyNodeDefinition | undefined; node: GraphNode }, variables: JsonObject): Item[] {
  if (trigger.definition?.trigger === "webhook") return [{ json: { headers: {}, params: {}, query: {}, body: variables } }];
  return [{ json: variables }];
}
