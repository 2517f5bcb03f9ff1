import type { Json, JsonObject } from "../item";
import type { FlowStorage, StaticData, StorageScope } from "./storage";
import { assertStorable, MAX_LISTED } from "./storage-limits";

export interface MemoryStorage {
  /** What a visit of a node sees. */
  of(visit: { key: string; nodeId: string }): FlowStorage;
}

/** Storage that ends with the process: for runs without a server, and tests. */
export function createMemoryStorage(): MemoryStorage {
  const values = new Map<string, Map<string, string>>();
  const staticData = new Map<string, { visit: string; before: string; value: string }>();

  const bucket = (scope: StorageScope, nodeId: string): Map<string, string> => {
    const name = scope === "node" ? `node:${nodeId}` : scope;
    const known = values.get(name) ?? new Map<string, string>();
    values.set(name, known);
    return known;
  };
  const parsed = (text: string | undefined): Json | undefined => (text === undefined ? undefined : (JSON.parse(text) as Json));

  const staticDataOf = (visit: { key: string; nodeId: string }): StaticData => {
    const place = (of: "global" | "node"): string => (of === "node" ? `node:${visit.nodeId}` : of);
    const read = (of: "global" | "node"): string => {
      const kept = staticData.get(place(of));
      if (!kept) return "{}";
      return kept.visit === visit.key ? kept.before : kept.value;
    };
    return {
      read: async (of) => JSON.parse(read(of)) as JsonObject,
      write: async (of, value) => {
        staticData.set(place(of), { visit: visit.key, before: read(of), value: assertStorable("static data", value) });
      },
    };
  };

  return {
    of: (visit) => ({
      get: async (key, scope = "flow") => parsed(bucket(scope, visit.nodeId).get(key)),
      set: async (key, value, scope = "flow") => void bucket(scope, visit.nodeId).set(key, assertStorable(key, value)),
      delete: async (key, scope = "flow") => bucket(scope, visit.nodeId).delete(key),
      list: async (prefix = "", scope = "flow") =>
        [...bucket(scope, visit.nodeId)]
          .filter(([key]) => key.startsWith(prefix))
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .slice(0, MAX_LISTED)
          .map(([key, text]) => ({ key, value: JSON.parse(text) as Json })),
      update: async (key, change, scope = "flow") => {
        const entries = bucket(scope, visit.nodeId);
        const next = change(parsed(entries.get(key)));
        if (next === undefined) entries.delete(key);
        else entries.set(key, assertStorable(key, next));
        return next;
      },
      staticData: staticDataOf(visit),
    }),
  };
}
