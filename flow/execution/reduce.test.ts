import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExecutionHead, ExecutionSnapshot, LiveEvent, StepRecord } from "./events";
import { applyEvent, catchUp, type ExecutionView, viewOf } from "./reduce";

const head = (over: Partial<ExecutionHead> = {}): ExecutionHead => ({
  id: "exec_1",
  flowId: "flow",
  flowVersion: 1,
  mode: "manual",
  status: "running",
  seq: 0,
  error: null,
  queuedAt: "2026-01-01T00:00:00.000Z",
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: null,
  ...over,
});

const step = (seq: number, nodeId: string, over: Partial<StepRecord> = {}): StepRecord => ({
  seq,
  key: `${nodeId}#0`,
  nodeId,
  runIndex: 0,
  attempt: 1,
  status: "succeeded",
  counts: [1],
  error: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
  wakeAt: null,
  ...over,
});

/** A whole journal: a retried node, one that waited, and the end. */
const journal: StepRecord[] = [
  step(1, "a"),
  step(2, "b", { status: "failed", counts: null, wakeAt: "2026-01-01T00:00:05.000Z" }),
  step(3, "c", { status: "waiting", wakeAt: "2026-01-02T00:00:00.000Z" }),
  step(4, "b", { attempt: 2 }),
  step(5, "c"),
];
const finished: ExecutionSnapshot = {
  execution: head({ status: "succeeded", seq: 6, finishedAt: "2026-01-02T00:00:01.000Z" }),
  steps: journal,
};

const events: LiveEvent[] = [
  ...journal.map((each): LiveEvent => ({ type: "step", seq: each.seq, step: each })),
  { type: "execution", seq: 6, execution: finished.execution },
  ...["a", "b", "c"].map(
    (nodeId): LiveEvent => ({ type: "hint", key: `${nodeId}#0`, nodeId, runIndex: 0, attempt: 1, startedAt: "2026-01-01T00:00:00.000Z" }),
  ),
];

/** What a page does: apply what comes, ask for the rest when something is missing. */
const follow = (arriving: LiveEvent[]): ExecutionView => {
  let view = viewOf({ execution: head(), steps: [] });
  for (const event of arriving) {
    view = applyEvent(view, event);
    if (view.gap) view = catchUp(view, { execution: finished.execution, steps: journal.filter((each) => each.seq > view.seq) });
  }
  // The last word of any transport: what the database says.
  return catchUp(view, { execution: finished.execution, steps: journal.filter((each) => each.seq > view.seq) });
};

const picture = (view: ExecutionView) => ({
  status: view.execution.status,
  seq: view.seq,
  visits: [...view.visits.values()]
    .map(({ key, status, attempt, counts }) => ({ key, status, attempt, counts }))
    .sort((a, b) => a.key.localeCompare(b.key)),
});

describe("the live view", () => {
  it("ends where the database is, whatever was lost, doubled or out of order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (arriving) => {
        expect(picture(follow(arriving))).toEqual(picture(viewOf(finished)));
      }),
    );
  });

  it("shows a failed attempt that is tried again as queued", () => {
    const view = viewOf({ execution: head({ seq: 2 }), steps: journal.slice(0, 2) });
    expect(view.visits.get("b#0")).toMatchObject({ status: "queued", wakeAt: "2026-01-01T00:00:05.000Z" });
  });

  it("asks for what is missing instead of applying out of order", () => {
    const view = applyEvent(viewOf({ execution: head(), steps: [] }), { type: "step", seq: 2, step: journal[1]! });
    expect(view).toMatchObject({ gap: true, seq: 0 });
    expect(view.visits.size).toBe(0);
  });

  it("lights a step up on a hint, and never turns an ended one back", () => {
    const hint: LiveEvent = { type: "hint", key: "a#0", nodeId: "a", runIndex: 0, attempt: 1, startedAt: "2026-01-01T00:00:00.000Z" };
    expect(applyEvent(viewOf({ execution: head(), steps: [] }), hint).visits.get("a#0")?.status).toBe("running");
    expect(applyEvent(viewOf({ execution: head({ seq: 1 }), steps: [journal[0]!] }), hint).visits.get("a#0")?.status).toBe("succeeded");
  });

  it("leaves nothing running in an execution that has ended", () => {
    const hint: LiveEvent = { type: "hint", key: "z#0", nodeId: "z", runIndex: 0, attempt: 1, startedAt: "2026-01-01T00:00:00.000Z" };
    const view = applyEvent(applyEvent(viewOf({ execution: head(), steps: [] }), hint), {
      type: "execution",
      seq: 1,
      execution: head({ status: "cancelled", seq: 1 }),
    });
    expect(view.visits.get("z#0")?.status).toBe("cancelled");
  });
});

describe("who comes in the middle", () => {
  const hint = { type: "hint" as const, key: "b#0", nodeId: "b", runIndex: 0, attempt: 1, startedAt: "2026-01-01T00:00:01.000Z" };

  it("sees the attempts that are under way", () => {
    const view = viewOf({ execution: head({ seq: 1 }), steps: [step(1, "a")], atWork: [hint] });
    expect([...view.visits.values()].map(({ key, status }) => [key, status])).toEqual([
      ["a#0", "succeeded"],
      ["b#0", "running"],
    ]);
    expect(
      catchUp(viewOf({ execution: head(), steps: [] }), { execution: head(), steps: [], atWork: [hint] }).visits.get("b#0")?.status,
    ).toBe("running");
  });

  it("believes the rows where they know better", () => {
    const view = viewOf({ execution: head({ seq: 1 }), steps: [step(1, "b")], atWork: [hint] });
    expect(view.visits.get("b#0")?.status).toBe("succeeded");
  });
});
