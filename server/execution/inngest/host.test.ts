import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { StepRef } from "@/flow/interpreter/host";
import { sketch } from "@/flow/interpreter/testing/registry";
import { createInngestHost, type StepId, type StepTools } from "./host";
import type { InngestRuntime } from "./runtime";

const DAY_MS = 86_400_000;
const graph = sketch({ Nap: { type: "sleep" } }, []);
const step: StepRef = {
  key: "Nap#0",
  nodeId: "Nap",
  runIndex: 0,
  effect: "pure",
  sources: [],
  retry: { maxAttempts: 1, waitMs: 0, backoff: "fixed" },
};

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z"), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

/** Sleeps as Inngest is asked to, and tells for how many days each time. The last word on a sleep is the journal's, which is not here. */
async function sleep(days: number): Promise<{ ids: string[]; slept: number[] }> {
  const until = new Date(Date.now() + days * DAY_MS);
  const ids: string[] = [];
  const slept: number[] = [];
  const tools: StepTools = {
    run: <T>({ id }: StepId, look: () => Promise<T>) => {
      ids.push(id);
      return Date.now() < until.getTime() ? look() : Promise.resolve(true as T);
    },
    async sleepUntil({ id }, instant) {
      ids.push(id);
      slept.push((instant.getTime() - Date.now()) / DAY_MS);
      vi.setSystemTime(instant);
    },
    waitForResume: async () => null,
  };
  const runtime = { isExclusive: () => false } as unknown as InngestRuntime;
  const held = { id: "exec_1", organizationId: "org", flowId: "flow", mode: "api", runRef: "run" } as const;
  const host = createInngestHost({ runtime, held, graph, step: tools, lastCall: false, seq: 0, decided: new Map() });
  await host.sleep(step, until);
  return { ids, slept };
}

it("sleeps at once what Inngest sleeps at once", async () => {
  expect(await sleep(30)).toEqual({ ids: ["Nap#0:sleep", "Nap#0:wake"], slept: [30] });
});

it("sleeps in several parts, each a step of its own, what is longer than Inngest's longest sleep", async () => {
  const { ids, slept } = await sleep(800);
  expect(slept).toEqual([300, 300, 200]);
  expect(new Set(ids).size).toBe(6);
});
