import http from "node:http";
import type { AddressInfo } from "node:net";
import { Inngest, NonRetriableError, RetryAfterError } from "inngest";
import { serve } from "inngest/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "@/e2e/support/inngest-server/run";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function eventually<T>(ask: () => T | undefined | false, withinMs = 8000): Promise<T> {
  for (const end = Date.now() + withinMs; ; await pause(10)) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error("waited in vain");
  }
}

interface Trial {
  server: InngestServer;
  client: Inngest;
  /** What the functions did, in order. */
  log: string[];
  /** Sends an event and resolves with the run that it started, once that is over. */
  run(name: string, data?: Record<string, unknown>): Promise<RunView>;
  close(): Promise<void>;
}

const fails = new Map<string, number>();
/** Fails the first `times` calls under a key. */
const failFirst = (key: string, times: number, error: Error) => {
  const count = (fails.get(key) ?? 0) + 1;
  fails.set(key, count);
  if (count <= times) throw error;
  return count;
};

function functionsOf(client: Inngest, log: string[]) {
  const define = (
    id: string,
    options: object,
    handler: (context: { event: { data: Record<string, string> }; step: Steps; attempt: number }) => unknown,
  ) => client.createFunction({ id, retries: 3, triggers: [{ event: `t/${id}` }], ...options }, handler as never);
  return [
    define("line", {}, async ({ step }) => {
      let sum = 0;
      for (let index = 0; index < 4; index++) sum += await step.run(`s${index}`, () => index);
      return sum;
    }),
    define("sleeper", {}, async ({ step }) => {
      await step.sleepUntil("z", new Date(Date.now() + 150));
      return "slept";
    }),
    define("waiter", {}, async ({ step, event }) => {
      const came = await step.waitForEvent("w", {
        event: "t/go",
        timeout: new Date(Date.now() + 5000),
        if: `async.data.k == "${event.data.k}"`,
      });
      const never = await step.waitForEvent("n", { event: "t/never", timeout: new Date(Date.now() + 100) });
      return [came?.data.v ?? null, never];
    }),
    define("thrower", { onFailure: ({ error }: { error: Error }) => log.push(`onFailure ${error.message}`) }, ({ attempt }) => {
      throw new Error(`plain ${attempt}`);
    }),
    define("flaky", {}, ({ step, event }) => step.run("s", () => failFirst(event.data.k!, 2, new Error("again")))),
    define("later", {}, ({ step, event }) =>
      step.run("s", () => failFirst(event.data.k!, 1, new RetryAfterError("later", new Date(Date.now() + 400)))),
    ),
    define("caught", {}, ({ step }) =>
      step
        .run("s", () => {
          throw new NonRetriableError("never", { cause: { why: "because" } });
        })
        .catch((error: Error & { cause: { why: string } }) => `${error.name} ${error.message} ${error.cause.why}`),
    ),
    define("barrier", {}, async ({ step }) => {
      const work = (id: string, ms: number) => step.run(id, () => pause(ms).then(() => log.push(id)));
      await Promise.all([work("slow", 300), work("fast", 10).then(() => work("next", 10))]);
    }),
    define("racing", {}, async ({ step }) => {
      const work = (id: string, ms: number) => step.run({ id, parallelMode: "race" }, () => pause(ms).then(() => log.push(`race-${id}`)));
      await Promise.all([work("slow", 300), work("fast", 10).then(() => work("next", 10))]);
    }),
    define("cancellable", { cancelOn: [{ event: "t/cancel", if: "async.data.k == event.data.k" }] }, async ({ step }) => {
      await step.run("s", () => 1);
      await step.sleepUntil("z", new Date(Date.now() + 60_000));
    }),
    define("limited", { concurrency: { key: "event.data.org", limit: 2 } }, ({ step }) => step.run("s", () => pause(80))),
    define("parent", {}, ({ step }) =>
      step.invoke("child", { function: client.createFunction({ id: "line", triggers: [] }, () => 0), data: {} }),
    ),
    define("endless", {}, async ({ step }) => {
      for (let index = 0; ; index++) await step.run(`s${index}`, () => index);
    }),
    define("wide", {}, ({ step }) => Promise.all(Array.from({ length: 1001 }, (_, index) => step.run(`s${index}`, () => index)))),
    define("heavy", {}, async ({ step, event }) => {
      const [count = 0, megabytes = 0] = event.data.size!.split("x").map(Number);
      for (let index = 0; index < count; index++) await step.run(`s${index}`, () => "x".repeat(megabytes * 1_048_576));
    }),
    define("cronned", { triggers: [{ cron: "* * * * *" }] }, () => log.push("cron")),
  ];
}

/** The steps as the trial functions use them. */
interface Steps {
  run<T>(id: string | { id: string; parallelMode: "race" }, fn: () => T | Promise<T>): Promise<T>;
  sleepUntil(id: string, until: Date): Promise<void>;
  waitForEvent(id: string, options: { event: string; timeout: Date; if?: string }): Promise<{ data: Record<string, unknown> } | null>;
  invoke(id: string, options: { function: unknown; data: object }): Promise<unknown>;
}

async function startTrial(keys: { eventKey?: string; signingKey?: string } = {}): Promise<Trial> {
  const log: string[] = [];
  const server = await startInngestServer({ backoffMs: 30, ...keys });
  const client = new Inngest({ id: "trial", baseUrl: server.url, isDev: keys.signingKey === undefined, ...keys, logger: silent });
  const app = http.createServer(serve({ client, functions: functionsOf(client, log), servePath: "/api/inngest" }));
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  await server.sync(`http://127.0.0.1:${(app.address() as AddressInfo).port}/api/inngest`);
  let count = 0;
  return {
    server,
    client,
    log,
    async run(name, data = {}) {
      const id = `${name}-${count++}`;
      await client.send({ name: `t/${name}`, id, data: { k: id, ...data } });
      return eventually(() => server.runs(name).find((run) => run.event.id === id && run.status !== "Running"));
    },
    async close() {
      await server.close();
      app.closeAllConnections();
      await new Promise((resolve) => app.close(resolve));
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe("the Inngest stand-in", () => {
  let trial: Trial;
  beforeAll(async () => {
    trial = await startTrial();
  });
  afterAll(() => trial.close());

  it("runs a line of steps in one call, checkpointed", async () => {
    const run = await trial.run("line");
    expect(run).toMatchObject({ status: "Completed", output: 6 });
    expect(run.calls).toHaveLength(1);
    expect(run.steps.map(({ name, attempts }) => `${name} ${attempts}`)).toEqual(["s0 1", "s1 1", "s2 1", "s3 1"]);
  });

  it("makes a call again whose answer was lost, with what was checkpointed", async () => {
    trial.server.dropNextAnswer({ fn: "line" });
    const run = await trial.run("line");
    expect(run).toMatchObject({ status: "Completed", output: 6 });
    expect(run.calls.map(({ dropped = false }) => dropped)).toEqual([true, false]);
    expect(run.steps.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it("runs an event with the same id once", async () => {
    await trial.client.send([
      { name: "t/line", id: "twice" },
      { name: "t/line", id: "twice" },
    ]);
    await trial.client.send({ name: "t/line", id: "twice" });
    await trial.run("line");
    expect(trial.server.runs("line").filter((run) => run.event.id === "twice")).toHaveLength(1);
  });

  it("sleeps", async () => {
    const run = await trial.run("sleeper");
    expect(run.output).toBe("slept");
    expect(run.endedAt! - run.startedAt).toBeGreaterThanOrEqual(150);
  });

  it("waits for a matching event, and gives up in time", async () => {
    const done = trial.run("waiter", { k: "mine" });
    await eventually(() => trial.server.runs("waiter")[0]?.steps.some(({ name }) => name === "w"));
    await trial.client.send([
      { name: "t/go", data: { k: "other", v: 1 } },
      { name: "t/go", data: { k: "mine", v: 7 } },
    ]);
    expect((await done).output).toEqual([7, null]);
  });

  it("retries a function, then calls its failure handler", async () => {
    const run = await trial.run("thrower");
    expect(run.status).toBe("Failed");
    expect(run.calls.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3]);
    await eventually(() => trial.log.includes("onFailure plain 3"));
  });

  it("retries a step", async () => expect((await trial.run("flaky")).output).toBe(3));

  it("retries when it was told to", async () => {
    const { calls } = await trial.run("later");
    expect(calls[1]!.at - calls[0]!.at).toBeGreaterThanOrEqual(390);
  });

  it("hands a step's error to the function, its cause included", async () =>
    expect((await trial.run("caught")).output).toBe("NonRetriableError never because"));

  it("holds everything back until all parallel steps are done", async () => {
    await trial.run("barrier");
    expect(trial.log.filter((line) => ["slow", "fast", "next"].includes(line))).toEqual(["fast", "slow", "next"]);
  });

  it("goes on at once after a racing step", async () => {
    await trial.run("racing");
    expect(trial.log.filter((line) => line.startsWith("race-"))).toEqual(["race-fast", "race-next", "race-slow"]);
  });

  it("cancels the run that an event names", async () => {
    const done = trial.run("cancellable", { k: "stop" });
    await eventually(() => trial.server.runs("cancellable")[0]?.steps.some(({ name }) => name === "z"));
    await trial.client.send([
      { name: "t/cancel", data: { k: "other" } },
      { name: "t/cancel", data: { k: "stop" } },
    ]);
    expect((await done).status).toBe("Cancelled");
  });

  it("keeps to a limit of calls at a time for each key", async () => {
    await trial.client.send(Array.from({ length: 5 }, () => ({ name: "t/limited", data: { org: "o" } })));
    let most = 0;
    await eventually(() => {
      const runs = trial.server.runs("limited");
      most = Math.max(most, runs.flatMap(({ calls }) => calls).filter(({ ms }) => ms === undefined).length);
      return runs.length === 5 && runs.every(({ status }) => status === "Completed");
    });
    expect(most).toBe(2);
  });

  it("invokes another function", async () => expect((await trial.run("parent")).output).toBe(6));

  it("ends a run that makes more than 1,000 steps, one after the other or at once", async () => {
    for (const name of ["endless", "wide"]) {
      const run = await trial.run(name);
      expect([run.status, run.error?.name]).toEqual(["Failed", "InngestErrFunctionOverflowed"]);
    }
  });

  it("ends a run whose step gives more than 4 MiB, or whose steps give more than 32 MiB together", async () => {
    expect((await trial.run("heavy", { size: "1x4" })).error?.name).toBe("InngestErrStepOutputTooLarge");
    expect((await trial.run("heavy", { size: "11x3" })).error?.name).toBe("InngestErrStateOverflowed");
    expect((await trial.run("heavy", { size: "10x3" })).status).toBe("Completed");
  });

  it("runs schedules when told to", async () => {
    trial.server.tick("cronned");
    await eventually(() => trial.log.includes("cron"));
  });
});

describe("the Inngest stand-in with keys", () => {
  const signingKey = `signkey-test-${"ab".repeat(32)}`;

  it("signs its calls, and takes events and registrations with the right key only", async () => {
    const trial = await startTrial({ eventKey: "event-key", signingKey });
    expect((await trial.run("line")).output).toBe(6);
    const stranger = new Inngest({ id: "trial", baseUrl: trial.server.url, isDev: false, eventKey: "wrong", signingKey, logger: silent });
    await expect(stranger.send({ name: "t/line" })).rejects.toThrow("Event key");
    const register = await fetch(`${trial.server.url}/fn/register`, {
      method: "POST",
      body: "{}",
      headers: { authorization: "Bearer wrong" },
    });
    expect(register.status).toBe(401);
    await trial.close();
  });
});
