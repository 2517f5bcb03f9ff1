import type { CatalogTool } from "@/flow/tools/schema";

type Catalog = typeof import("@/server/catalog");

const origins = new Map<string, string>();

/** From now on a tool of the catalog is called at another origin; its paths stay. */
export const moveTool = (key: string, origin: string): void => void origins.set(key, origin);

/** Only what names a host changes: everything else is the tool as it comes with the product. */
function moved(tool: CatalogTool, origin: string): CatalogTool {
  const at = (address: string): string =>
    address.replace(/^https?:\/\/[^/]+/i, (host) => (host.includes("{{") ? host.replace(/^https/, "http") : origin));
  return { ...tool, baseUrl: at(tool.baseUrl), actions: tool.actions.map((action) => ({ ...action, endpoint: at(action.endpoint) })) };
}

/**
 * The catalog with its tools where the tests' services are:
 * `vi.mock("@/server/catalog", async (original) => movedCatalog(await original()))`.
 */
export const movedCatalog = (catalog: Catalog): Catalog => ({
  ...catalog,
  catalogTool: async (key) => {
    const [tool, origin] = [await catalog.catalogTool(key), origins.get(key)];
    return tool && origin !== undefined ? moved(tool, origin) : tool;
  },
});
