import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import { type Autosave, createAutosave, type SaveResult } from "./autosave";
import { DEBOUNCE_MS } from "./autosave-machine";

const graphOf = (name: string): Graph => ({
  nodes: [{ id: "a", name, type: "set", version: 1, position: { x: 0, y: 0 }, parameters: {} }],
  edges: [],
  settings: {},
  variables: {},
});

/** A server that answers as it is told, and the browser's copy. */
function setUp() {
  let graph = graphOf("first");
  let revision = 7;
  const saved: { name: string | undefined; revision: number }[] = [];
  const answers: (() => SaveResult | Promise<SaveResult>)[] = [];
  const copy: { current: Graph | null } = { current: null };
  const autosave: Autosave = createAutosave({
    revision,
    graph: () => graph,
    save: async (input) => {
      saved.push({ name: input.graph.nodes[0]?.name, revision: input.revision });
      const answer = answers.shift();
      if (answer) return answer();
      revision += 1;
      return { ok: true, revision };
    },
    localCopy: {
      write: (draft) => {
        copy.current = draft.graph;
      },
      clear: () => {
        copy.current = null;
      },
    },
  });
  const edit = (name: string) => {
    graph = graphOf(name);
    autosave.edited();
  };
  return { autosave, edit, saved, answers, copy };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("autosave", () => {
  it("sends one save after a pause in typing", async () => {
    const { autosave, edit, saved } = setUp();
    edit("a");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS - 100);
    edit("ab");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS - 100);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(saved).toEqual([{ name: "ab", revision: 7 }]);
    expect(autosave.state()).toMatchObject({ phase: "saved", revision: 8 });
  });

  it("saves again what was edited while a save was under way", async () => {
    const { autosave, edit, saved, answers } = setUp();
    let answer: (result: SaveResult) => void = () => undefined;
    const slow = new Promise<SaveResult>((resolve) => {
      answer = resolve;
    });
    answers.push(() => slow);
    edit("a");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    edit("b");
    answer({ ok: true, revision: 8 });
    await vi.advanceTimersByTimeAsync(0);
    expect(autosave.state().phase).toBe("pending");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    expect(saved).toEqual([
      { name: "a", revision: 7 },
      { name: "b", revision: 8 },
    ]);
    expect(autosave.state().phase).toBe("saved");
  });

  it("keeps a copy and tries again, ever later, while the network is away", async () => {
    const { autosave, edit, saved, answers, copy } = setUp();
    const away = (): SaveResult => ({ ok: false, reason: "network", message: "Failed to fetch" });
    answers.push(away, away, () => Promise.reject(new Error("socket hang up")));
    edit("a");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    expect(autosave.state()).toMatchObject({ phase: "offline", failures: 1 });
    expect(copy.current).not.toBeNull();
    edit("b");
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(4000);
    expect(autosave.state()).toMatchObject({ phase: "saved", failures: 0 });
    expect(saved.at(-1)?.name).toBe("b");
    expect(copy.current).toBeNull();
  });

  it("sends nothing over another's draft until the person has chosen", async () => {
    const { autosave, edit, saved, answers } = setUp();
    answers.push(() => ({ ok: false, reason: "conflict", message: "Changed elsewhere" }));
    edit("mine");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    edit("mine too");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saved).toHaveLength(1);
    expect(autosave.state().phase).toBe("conflict");
    autosave.keepMine(12);
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    expect(saved.at(-1)).toEqual({ name: "mine too", revision: 12 });
  });

  it("waits with a refused draft for the next edit", async () => {
    const { autosave, edit, saved, answers } = setUp();
    answers.push(() => ({ ok: false, reason: "refused", message: "Too large" }));
    edit("huge");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saved).toHaveLength(1);
    expect(autosave.state()).toMatchObject({ phase: "refused", message: "Too large" });
    edit("small");
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    expect(autosave.state().phase).toBe("saved");
  });

  it("flushes at once and says whether the server has everything", async () => {
    const { autosave, edit, saved, answers } = setUp();
    edit("a");
    await expect(autosave.flush()).resolves.toBe(true);
    expect(saved).toHaveLength(1);
    await expect(autosave.flush()).resolves.toBe(true);
    expect(saved).toHaveLength(1);
    answers.push(() => ({ ok: false, reason: "network", message: "away" }));
    edit("b");
    await expect(autosave.flush()).resolves.toBe(false);
  });
});
