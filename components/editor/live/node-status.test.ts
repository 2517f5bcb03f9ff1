import { describe, expect, it } from "vitest";
import type { ExecutionView, VisitView } from "@/flow/execution/reduce";
import { nodeStatuses } from "./node-status";
import { createStatusStore } from "./status-store";

const visit = (nodeId: string, runIndex: number, change: Partial<VisitView> = {}): VisitView => ({
  key: `${nodeId}#${runIndex}`,
  nodeId,
  runIndex,
  attempt: 1,
  status: "succeeded",
  counts: [2],
  error: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:00.250Z",
  wakeAt: null,
  ...change,
});

const viewOf = (...visits: VisitView[]): ExecutionView => ({
  execution: {
    id: "exec_1",
    flowId: "flow",
    flowVersion: 1,
    mode: "manual",
    status: "running",
    seq: 1,
    error: null,
    queuedAt: "",
    startedAt: null,
    finishedAt: null,
  },
  visits: new Map(visits.map((each) => [each.key, each])),
  seq: 1,
  gap: false,
});

describe("a node's status", () => {
  it("adds up items and time over its visits", () => {
    const status = nodeStatuses(viewOf(visit("a", 0, { counts: [1, 4] }), visit("a", 1, { counts: [2, 0] }))).get("a");
    expect(status).toMatchObject({ status: "succeeded", runs: 2, counts: [3, 4], durationMs: 500 });
  });

  it("is what still goes on, before what failed, before what succeeded", () => {
    const failed = visit("a", 0, { status: "failed", counts: null, error: { name: "Error", message: "boom" } });
    expect(nodeStatuses(viewOf(failed, visit("a", 1))).get("a")).toMatchObject({ status: "failed", error: { message: "boom" } });
    expect(nodeStatuses(viewOf(failed, visit("a", 1, { status: "running", counts: null }))).get("a")?.status).toBe("running");
  });
});

describe("the status store", () => {
  it("tells only the nodes that changed, once per frame", () => {
    const frames: (() => void)[] = [];
    const store = createStatusStore((flush) => frames.push(flush));
    const heard: string[] = [];
    store.subscribe("a", () => heard.push("a"));
    store.subscribe("b", () => heard.push("b"));
    store.replace(nodeStatuses(viewOf(visit("a", 0, { status: "running" }), visit("b", 0))));
    store.replace(nodeStatuses(viewOf(visit("a", 0), visit("b", 0))));
    expect(frames).toHaveLength(1);
    expect(heard).toEqual([]);
    frames[0]?.();
    expect(heard.sort()).toEqual(["a", "b"]);
    store.replace(nodeStatuses(viewOf(visit("a", 0), visit("b", 0), visit("b", 1))));
    frames[1]?.();
    expect(heard).toEqual(["a", "b", "b"]);
    store.replace(new Map());
    expect(store.get("a")).toBeUndefined();
  });

  it("spreads very many over frames, and tells each its latest", async () => {
    const frames: (() => void)[] = [];
    const store = createStatusStore((flush) => frames.push(flush));
    const ids = Array.from({ length: 500 }, (_, index) => `n${index}`);
    const told = new Map<string, string | undefined>();
    for (const id of ids) store.subscribe(id, () => told.set(id, store.get(id)?.status));
    store.replace(nodeStatuses(viewOf(...ids.map((id) => visit(id, 0, { status: "running" })))));
    frames.shift()?.();
    await Promise.resolve();
    expect(told.size).toBeGreaterThan(0);
    expect(told.size).toBeLessThan(150);
    store.replace(nodeStatuses(viewOf(...ids.map((id) => visit(id, 0)))));
    for (let frame = frames.shift(); frame; frame = frames.shift()) {
      frame();
      await Promise.resolve();
    }
    expect(told.size).toBe(500);
    expect(new Set(told.values())).toEqual(new Set(["succeeded"]));
  });
});
