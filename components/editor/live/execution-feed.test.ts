import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExecutionHead, ExecutionSnapshot, LiveEvent, StepRecord } from "@/flow/execution/events";
import { type FeedState, followExecution, type LiveHandlers } from "./execution-feed";

const head = (change: Partial<ExecutionHead> = {}): ExecutionHead => ({
  id: "exec_1",
  flowId: "flow",
  flowVersion: null,
  mode: "manual",
  status: "running",
  seq: 0,
  error: null,
  queuedAt: "2026-01-01T00:00:00.000Z",
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: null,
  ...change,
});

const step = (seq: number, change: Partial<StepRecord> = {}): StepRecord => ({
  seq,
  key: `n${seq}#0`,
  nodeId: `n${seq}`,
  runIndex: 0,
  attempt: 1,
  status: "succeeded",
  counts: [1],
  error: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
  wakeAt: null,
  ...change,
});

/** The database and a transport that can lose what it carries. */
function setUp({ failing = false } = {}) {
  const rows: StepRecord[] = [];
  let execution = head();
  let handlers: LiveHandlers | undefined;
  let subscribed = false;
  const asked: (number | "snapshot")[] = [];
  const answer = (seq: number): Promise<ExecutionSnapshot> =>
    failing ? Promise.reject(new Error("away")) : Promise.resolve({ execution, steps: rows.filter((row) => row.seq > seq) });
  const states: FeedState[] = [];
  const stop = followExecution({
    executionId: "exec_1",
    transport: {
      subscribe: (_, given) => {
        handlers = given;
        subscribed = true;
        return () => {
          subscribed = false;
        };
      },
    },
    snapshot: () => {
      asked.push("snapshot");
      return answer(0);
    },
    after: (seq) => {
      asked.push(seq);
      return answer(seq);
    },
    onChange: (state) => states.push(state),
  });
  const journal = (change?: Partial<StepRecord>): LiveEvent => {
    const row = step(rows.length + 1, change);
    rows.push(row);
    execution = { ...execution, seq: row.seq };
    return { type: "step", seq: row.seq, step: row };
  };
  const finish = (): LiveEvent => {
    execution = { ...execution, status: "succeeded", seq: rows.length + 1, finishedAt: "2026-01-01T00:00:09.000Z" };
    return { type: "execution", seq: execution.seq, execution };
  };
  return {
    asked,
    journal,
    finish,
    stop,
    send: (event: LiveEvent) => handlers?.onEvent(event),
    open: () => handlers?.onOpen(),
    down: () => handlers?.onDown(),
    setFailing: (value: boolean) => {
      failing = value;
    },
    isSubscribed: () => subscribed,
    last: () => states.at(-1),
    nodes: () => [...(states.at(-1)?.view?.visits.values() ?? [])].map((visit) => visit.nodeId),
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("following an execution", () => {
  it("starts from the snapshot and applies events that follow it", async () => {
    const feed = setUp();
    feed.journal();
    feed.open();
    await settle();
    feed.send(feed.journal());
    expect(feed.nodes()).toEqual(["n1", "n2"]);
    expect(feed.last()?.connection).toBe("live");
  });

  it("keeps events that come before the snapshot", async () => {
    const feed = setUp();
    const first = feed.journal();
    feed.open();
    feed.send(first);
    const second = feed.journal();
    feed.send(second);
    await settle();
    expect(feed.nodes()).toEqual(["n1", "n2"]);
  });

  it("asks for the records after its last one when an event was lost", async () => {
    const feed = setUp();
    feed.open();
    await settle();
    feed.send(feed.journal());
    feed.journal();
    feed.asked.length = 0;
    feed.send(feed.journal());
    await settle();
    expect(feed.asked).toEqual([1]);
    expect(feed.nodes()).toEqual(["n1", "n2", "n3"]);
    expect(feed.last()?.view?.gap).toBe(false);
  });

  it("does not call a stream lost that was not there yet", async () => {
    const feed = setUp();
    await settle();
    expect(feed.last()?.connection).toBe("connecting");
    feed.down();
    expect(feed.last()?.connection).toBe("polling");
    feed.open();
    expect(feed.last()?.connection).toBe("live");
  });

  it("polls while the transport is down, and sees the end without it", async () => {
    const feed = setUp();
    await settle();
    feed.journal();
    feed.finish();
    await vi.advanceTimersByTimeAsync(2000);
    expect(feed.nodes()).toEqual(["n1"]);
    expect(feed.last()?.connection).toBe("ended");
    expect(feed.isSubscribed()).toBe(false);
  });

  it("notices an end whose message was lost on an open stream", async () => {
    const feed = setUp();
    feed.open();
    await settle();
    feed.journal();
    feed.finish();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(feed.last()?.connection).toBe("ended");
  });

  it("catches up with what it missed when the transport comes back", async () => {
    const feed = setUp();
    feed.open();
    await settle();
    feed.down();
    expect(feed.last()?.connection).toBe("polling");
    feed.journal();
    feed.open();
    await settle();
    expect(feed.nodes()).toEqual(["n1"]);
    expect(feed.last()?.connection).toBe("live");
  });

  it("says why it cannot load, and goes on trying", async () => {
    const feed = setUp({ failing: true });
    await settle();
    feed.journal();
    await vi.advanceTimersByTimeAsync(1500);
    expect(feed.last()).toMatchObject({ view: null, error: new Error("away") });
    feed.setFailing(false);
    await vi.advanceTimersByTimeAsync(1500);
    expect(feed.last()?.error).toBeNull();
    expect(feed.nodes()).toEqual(["n1"]);
  });

  it("asks nothing any more once stopped", async () => {
    const feed = setUp();
    feed.open();
    await settle();
    feed.stop();
    feed.asked.length = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(feed.asked).toEqual([]);
    expect(feed.isSubscribed()).toBe(false);
  });
});
