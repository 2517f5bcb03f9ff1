import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import { clearStoredDrafts, createLocalCopy, readStoredDraft } from "./local-copy";

const graphOf = (name: string): Graph => ({
  nodes: [{ id: "a", name, type: "set", version: 1, position: { x: 0, y: 0 }, parameters: {} }],
  edges: [],
  settings: {},
  variables: {},
});

/** Keys of the storage are its own properties, as in a browser. */
class MemoryStorage {
  [key: string]: unknown;
  setItem(key: string, value: string) {
    this[key] = value;
  }
  getItem(key: string) {
    return this[key] ?? null;
  }
  removeItem(key: string) {
    delete this[key];
  }
}
const memoryStorage = (): Storage => new MemoryStorage() as unknown as Storage;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the browser's copy of a draft", () => {
  it("comes back after a reload, until it is cleared", () => {
    const storage = memoryStorage();
    const copy = createLocalCopy(storage, "flow", "tab");
    copy.write({ graph: graphOf("unsaved"), revision: 3 });
    copy.flush();
    expect(readStoredDraft(storage, "flow")).toEqual({ graph: graphOf("unsaved"), revision: 3 });
    clearStoredDrafts(storage, "flow");
    expect(readStoredDraft(storage, "flow")).toBeNull();
  });

  it("is the newest of several tabs' and never another flow's", () => {
    const storage = memoryStorage();
    const keep = (flow: string, tab: string, name: string) => {
      vi.advanceTimersByTime(10);
      const copy = createLocalCopy(storage, flow, tab);
      copy.write({ graph: graphOf(name), revision: 1 });
      copy.flush();
    };
    keep("flow", "one", "older");
    keep("flow", "two", "newer");
    keep("other", "one", "foreign");
    expect(readStoredDraft(storage, "flow")?.graph.nodes[0]?.name).toBe("newer");
  });

  it("is gone once the server has everything, also when a write was about to happen", () => {
    const storage = memoryStorage();
    const copy = createLocalCopy(storage, "flow", "tab");
    copy.write({ graph: graphOf("a"), revision: 1 });
    copy.clear();
    vi.advanceTimersByTime(5000);
    expect(readStoredDraft(storage, "flow")).toBeNull();
  });

  it("ignores what is malformed", () => {
    const storage = memoryStorage();
    storage.setItem("tolstoy:draft:flow:tab", "{nonsense");
    expect(readStoredDraft(storage, "flow")).toBeNull();
  });
});
