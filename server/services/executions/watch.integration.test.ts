import { beforeAll, beforeEach, expect, test } from "vitest";
import type { LiveEvent, StepRecord } from "@/flow/execution/events";
import type { Flow } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { liveBus } from "@/server/realtime/bus";
import { recordExecution } from "@/server/testing/executions";
import { createFlow, createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { findHead, recordsAfter } from "./read";
import { watchExecution } from "./watch";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

let ctx: ServiceContext;
let flow: Flow;
let executionId: string;
beforeAll(async () => {
  const made = await createMember({ role: "viewer" });
  ctx = made.context;
  flow = await createFlow({ organizationId: made.member.organizationId });
});
beforeEach(async () => {
  ({ id: executionId } = await recordExecution({
    organizationId: flow.organizationId,
    flowId: flow.id,
    status: "running",
    steps: [{ nodeId: "a" }],
  }));
});

const organizationId = () => flow.organizationId;
const publish = (...events: LiveEvent[]) =>
  liveBus.publish({ organizationId: organizationId(), flowId: flow.id, executionId, mode: "manual" }, events);

/** Journals a step and tells what an engine would tell of it. */
async function journal(seq: number): Promise<LiveEvent> {
  await db().executionStep.create({
    data: {
      executionId,
      organizationId: organizationId(),
      seq,
      key: `n${seq}#0`,
      nodeId: `n${seq}`,
      runIndex: 0,
      attempt: 1,
      status: "succeeded",
      effect: "pure",
      counts: [1],
    },
  });
  const step = (await recordsAfter(executionId, seq - 1))[0] as StepRecord;
  return { type: "step", seq, step };
}

async function end(seq: number): Promise<LiveEvent> {
  await db().execution.update({ where: { id: executionId }, data: { status: "succeeded", seq, finishedAt: new Date() } });
  return { type: "execution", seq, execution: await findHead(organizationId(), executionId) };
}

function watch(over: Partial<Parameters<typeof watchExecution>[0]> = {}) {
  const stop = new AbortController();
  const events: string[] = [];
  const done = (async () => {
    const watching = watchExecution({
      ctx,
      input: { id: executionId },
      signal: stop.signal,
      mayStay: async () => true,
      intervalMs: 60_000,
      ...over,
    });
    for await (const { position, event } of watching) {
      const what = event.type === "execution" ? event.execution.status : event.type === "step" ? event.step.key : `hint ${event.key}`;
      events.push(`${position} ${what}`);
    }
  })();
  return { events, done, stop };
}

const until = async (holds: () => boolean) => expect.poll(holds, { interval: 5 }).toBe(true);

test("gives what is journaled, then what happens, then ends with the execution", async () => {
  const { events, done } = watch();
  await until(() => events.length === 2);
  publish({ type: "hint", key: "n2#0", nodeId: "n2", runIndex: 0, attempt: 1, startedAt: new Date().toISOString() });
  publish(await journal(2));
  publish(await end(3));
  await done;
  expect(events).toEqual(["1 a#0", "1 running", "1 hint n2#0", "2 n2#0", "3 succeeded"]);
});

test("goes on after the last event that the listener has", async () => {
  await journal(2);
  await end(3);
  const { events, done } = watch({ input: { id: executionId, lastEventId: 1 } });
  await done;
  expect(events).toEqual(["2 n2#0", "3 succeeded"]);
});

test("reads from the journal what the bus has lost, and tells nothing twice", async () => {
  const { events, done } = watch();
  await until(() => events.length === 2);
  await journal(2);
  const third = await journal(3);
  publish(third);
  publish(third);
  await until(() => events.includes("3 n3#0"));
  await journal(4);
  publish(await end(5));
  await done;
  const steps = events.filter((event) => event.includes("#"));
  expect(steps).toEqual(["1 a#0", "2 n2#0", "3 n3#0", "4 n4#0"]);
  expect(events.at(-1)).toBe("5 succeeded");
});

test("sees what another process does, without any message", async () => {
  const { events, done } = watch({ intervalMs: 20 });
  await until(() => events.length >= 2);
  await journal(2);
  await end(3);
  await done;
  expect(events).toContain("2 n2#0");
  expect(events.at(-1)).toBe("3 succeeded");
});

test("ends for a listener who may no longer see it", async () => {
  const { done } = watch({ intervalMs: 20, mayStay: async () => false });
  await expect(done).rejects.toMatchObject({ code: "unauthenticated" });
});

test("ends for them too while events come faster than they are read", async () => {
  const hint: LiveEvent = { type: "hint", key: "n2#0", nodeId: "n2", runIndex: 0, attempt: 1, startedAt: new Date().toISOString() };
  const signal = AbortSignal.timeout(10_000);
  const watching = watchExecution({ ctx, input: { id: executionId }, signal, mayStay: async () => false, intervalMs: 20 });
  const listen = async () => {
    for await (const { event } of watching) {
      // Two for each that is taken.
      publish(hint, hint);
      if (event.type === "hint") await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  await expect(listen()).rejects.toMatchObject({ code: "unauthenticated" });
});

test("ends when the listener leaves, and stops hearing", async () => {
  const { events, done, stop } = watch();
  await until(() => events.length === 2);
  stop.abort();
  await done;
  publish(await journal(2));
  expect(events).toHaveLength(2);
});
