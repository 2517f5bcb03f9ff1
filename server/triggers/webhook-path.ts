import type { JsonObject } from "@/flow/item";

const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/**
 * The parameters of a call's path below a webhook's URL, by the names in the pattern: `orders/:orderId` against `orders/17`.
 * @param pattern as the webhook's settings have it; empty where it answers at its URL alone
 * @param path of the call, still encoded
 * @returns null when the path is another one
 */
export function matchPath(pattern: string, path: string): JsonObject | null {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  if (wanted.length !== given.length) return null;
  const params: [string, string][] = [];
  for (const [index, segment] of wanted.entries()) {
    const value = decoded(given[index] as string);
    if (value === null) return null;
    if (segment.startsWith(":")) params.push([segment.slice(1), value]);
    else if (segment !== value) return null;
  }
  // Makes own properties of every name.
  return Object.fromEntries(params);
}

/** A call's path below `/api/hooks/<id>` or `/api/hooks/test/<id>`, still encoded. */
export function pathBelowHook(url: string): string {
  const [, below = ""] = /\/api\/hooks\/(?:test\/)?[^/?#]+\/?([^?#]*)/.exec(url) ?? [];
  return below;
}
