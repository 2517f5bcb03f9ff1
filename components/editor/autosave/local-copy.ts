import { z } from "zod";
import { type Graph, graphSchema } from "@/flow/graph/schema";

const copySchema = z.object({ graph: graphSchema, revision: z.number().int(), at: z.number() });

/** A draft that the server does not have yet, kept in the browser. */
export interface StoredDraft {
  graph: Graph;
  /** The server's revision that it builds on. */
  revision: number;
}

export interface LocalCopy {
  /** Keeps the draft, a moment later: typing must not serialise the graph with every key. */
  write(draft: StoredDraft): void;
  /** Keeps it now, because the page is about to go. */
  flush(): void;
  clear(): void;
}

const prefixOf = (flowId: string): string => `tolstoy:draft:${flowId}:`;

const WRITE_EVERY_MS = 200;

/** One copy per flow and tab, so that two tabs never write over each other's unsaved work. */
export function createLocalCopy(storage: Storage, flowId: string, tabId: string): LocalCopy {
  const key = prefixOf(flowId) + tabId;
  let waiting: StoredDraft | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    try {
      storage.setItem(key, JSON.stringify({ ...waiting, at: Date.now() }));
    } catch {
      // A full or forbidden storage costs only the safety net; the save to the server goes on.
    }
    waiting = null;
  };
  return {
    write(draft) {
      waiting = draft;
      timer ??= setTimeout(flush, WRITE_EVERY_MS);
    },
    flush,
    clear() {
      clearTimeout(timer);
      timer = undefined;
      waiting = null;
      storage.removeItem(key);
    },
  };
}

const keysOf = (storage: Storage, flowId: string): string[] => Object.keys(storage).filter((key) => key.startsWith(prefixOf(flowId)));

/** The newest copy of a flow's draft, whichever tab left it. Malformed ones count as none. */
export function readStoredDraft(storage: Storage, flowId: string): StoredDraft | null {
  let newest: z.infer<typeof copySchema> | null = null;
  for (const key of keysOf(storage, flowId)) {
    const copy = parse(storage.getItem(key));
    if (copy && (newest === null || copy.at > newest.at)) newest = copy;
  }
  return newest && { graph: newest.graph, revision: newest.revision };
}

/** Forgets all copies of a flow's draft: what they hold is on the screen now, or on the server. */
export function clearStoredDrafts(storage: Storage, flowId: string): void {
  for (const key of keysOf(storage, flowId)) storage.removeItem(key);
}

function parse(text: string | null): z.infer<typeof copySchema> | null {
  if (text === null) return null;
  try {
    const parsed = copySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
