import type { GraphNode } from "../graph/schema";
import type { Json, JsonObject } from "../item";

type Pinned = NonNullable<GraphNode["pinned"]>;

const MAX_PINNED = 10_000;
const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Pinned items of a node; older exports hold the JSON alone. Undefined where nothing is pinned. */
export function pinnedItems(value: Json | undefined): Pinned | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.slice(0, MAX_PINNED).map((entry) => {
    if (!isObject(entry)) return { json: { value: entry } };
    if (!isObject(entry.json)) return { json: entry };
    const binary = files(entry.binary);
    return { json: entry.json, ...(binary && { binary }) };
  });
}

/** Files whose content is part of the export; one that lies in n8n's own store can't come along. */
function files(value: Json | undefined): Pinned[number]["binary"] {
  if (!isObject(value)) return undefined;
  const kept: NonNullable<Pinned[number]["binary"]> = {};
  for (const [name, file] of Object.entries(value)) {
    if (!isObject(file) || typeof file.mimeType !== "string" || typeof file.data !== "string") continue;
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(file.data)) continue;
    kept[name] = {
      mimeType: file.mimeType.slice(0, 200),
      data: file.data,
      ...(typeof file.fileName === "string" && { fileName: file.fileName.slice(0, 500) }),
      ...(typeof file.fileExtension === "string" && { fileExtension: file.fileExtension.slice(0, 50) }),
    };
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
