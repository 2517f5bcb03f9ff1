import type { CatalogTool, ToolDefinition } from "@/flow/tools/schema";

/** A ready tool as lists show it; its actions are loaded when somebody asks for them. */
export interface CatalogEntry extends Pick<ToolDefinition, "key" | "name" | "description" | "icon"> {
  load: () => Promise<CatalogTool>;
}

/** The tools that come with the product. Nothing of their actions is read before one is used. */
const entries: readonly CatalogEntry[] = [];

const byKey = new Map(entries.map((entry) => [entry.key, entry]));
const loaded = new Map<string, Promise<CatalogTool>>();

export const catalogEntries = (): readonly CatalogEntry[] => entries;

export const isCatalogKey = (key: string): boolean => byKey.has(key);

/** A tool of the catalog with its actions; null for a key that it does not have. Loaded once. */
export async function catalogTool(key: string): Promise<CatalogTool | null> {
  const entry = byKey.get(key);
  if (!entry) return null;
  let loading = loaded.get(key);
  if (!loading) {
    loading = entry.load();
    loaded.set(key, loading);
    loading.catch(() => loaded.delete(key));
  }
  return loading;
}
