import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AblyServer, startAblyServer } from "@/e2e/support/ably-server/server";
import type { LiveEvent } from "@/flow/execution/events";
import { AblyPublisher, createRest } from "./ably-publisher";
import type { LiveExecution } from "./bus";
import { API_KEY, execution, hint, settings, step } from "./testing/ably-client";

let ably: AblyServer;
let publisher: AblyPublisher;
let tell: (execution: LiveExecution, events: readonly LiveEvent[]) => void;
const logger = { warn: vi.fn(), info: vi.fn() };

beforeEach(async () => {
  ably = await startAblyServer({ apiKey: API_KEY });
  vi.clearAllMocks();
  publisher = new AblyPublisher(
    createRest(settings(ably.port)),
    {
      subscribeAll(listener) {
        tell = listener;
        return () => undefined;
      },
    },
    logger,
  );
});
afterEach(async () => {
  await publisher.stop();
  await ably.close();
});

const CHANNEL = "flows.org_1.exec_1";
const sent = (channel = CHANNEL): LiveEvent[] => ably.published(channel).flatMap(({ data }) => JSON.parse(String(data)) as LiveEvent[]);
const seqs = (channel?: string) => sent(channel).map((event) => (event.type === "hint" ? event.key : event.seq));

describe("publishing live events to Ably", () => {
  it("sends what came together as one message, on the channel of the execution", async () => {
    for (let seq = 1; seq <= 50; seq++) tell(execution(), [step(seq)]);
    await vi.waitFor(() => expect(sent()).toHaveLength(50));
    expect(ably.published(CHANNEL)).toHaveLength(1);
    expect(ably.channels()).toEqual([CHANNEL]);
  });

  it("sends executions that nobody started by hand once they are watched", async () => {
    tell(execution({ mode: "webhook" }), [step(1)]);
    publisher.watch("exec_1");
    tell(execution({ mode: "webhook" }), [step(2)]);
    await vi.waitFor(() => expect(seqs()).toEqual([2]));
  });

  it("keeps an execution's order while Ably is slow, and lets others pass", async () => {
    ably.stall(true);
    tell(execution(), [step(1)]);
    await vi.waitFor(() => expect(ably.requests()).toHaveLength(1));
    tell(execution(), [step(2)]);
    tell(execution({ executionId: "exec_2" }), [step(1)]);
    await vi.waitFor(() => expect(ably.requests()).toHaveLength(2));
    expect(ably.requests().at(-1)).toContain("exec_2");
    ably.stall(false);
    await vi.waitFor(() => expect(seqs()).toEqual([1, 2]));
  });

  it("stays out of the way when Ably fails: it says so once, and goes on with what comes next", async () => {
    ably.refuse(true);
    expect(() => tell(execution(), [step(1)])).not.toThrow();
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledTimes(1));
    tell(execution(), [step(2)]);
    await vi.waitFor(() => expect(ably.requests().length).toBeGreaterThan(1));
    ably.refuse(false);
    tell(execution(), [step(3)]);
    await vi.waitFor(() => expect(seqs()).toContain(3), 5000);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(logger.info).toHaveBeenCalledTimes(1));
  });

  it("sends nothing of an execution that is muted", async () => {
    tell(execution(), [step(1)]);
    publisher.mute("exec_1", Date.now() + 60_000);
    tell(execution(), [step(2)]);
    tell(execution({ executionId: "exec_2" }), [step(1)]);
    await vi.waitFor(() => expect(seqs("flows.org_1.exec_2")).toEqual([1]));
    expect(sent()).toEqual([]);
  });

  it("cuts what is too long for one message, and leaves out what is too long by itself", async () => {
    const long = (seq: number, bytes: number) => step(seq, { error: { name: "Error", message: "é".repeat(bytes / 2) } });
    tell(execution(), [long(1, 40_000), long(2, 40_000), long(3, 70_000), long(4, 50_000), step(5)]);
    await vi.waitFor(() => expect(seqs()).toEqual([1, 2, 4, 5]));
    expect(ably.published(CHANNEL)).toHaveLength(3);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it("leaves out hints that a later event of the same message overtook", async () => {
    tell(execution(), [hint("n1#0"), step(1), hint("n2#0"), hint("n2#0", 2)]);
    await vi.waitFor(() => expect(sent()).toEqual([step(1), hint("n2#0", 2)]));
  });

  it("sends what waits before it stops, and does not wait for an Ably that is silent", async () => {
    tell(execution(), [step(1)]);
    await publisher.stop();
    expect(seqs()).toEqual([1]);
    ably.stall(true);
    tell(execution(), [step(2)]);
    await publisher.stop();
    expect(seqs()).toEqual([1]);
  });
});
