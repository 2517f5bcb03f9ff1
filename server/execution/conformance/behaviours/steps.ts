import { expect } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import { type Behaviour, begin, chain } from "../harness";

const failing = (settings: object, after: string[] = ["Failing -> Next"]) =>
  sketch({ Start: { type: "start" }, Failing: { type: "act", parameters: { fails: 9 }, settings }, Next: {}, Rescue: {} }, [
    "Start -> Failing",
    ...after,
  ]);

export const steps: readonly Behaviour[] = [
  {
    name: "runs nodes in the order of their edges, and gives what the last one gave",
    async run(at) {
      const id = await begin(at, chain({ A: {}, B: {}, C: {} }), { item: { n: 1 } });
      expect(await at.outcome(id)).toMatchObject({ status: "succeeded", lastItems: [{ json: { n: 1, by: "C" } }] });
      expect((await at.journal(id)).map(({ key }) => key)).toEqual(["Start#0", "A#0", "B#0", "C#0"]);
    },
  },
  {
    name: "gives every branch of a fork its items, once, and joins them",
    async run(at) {
      const graph = sketch(
        { Start: { type: "start" }, A: { type: "act" }, B: { type: "act" }, C: { type: "act" }, Join: { type: "merge" } },
        ["Start -> A", "Start -> B", "Start -> C", "A -> Join.a", "B -> Join.b"],
      );
      const id = await begin(at, graph, { item: { who: "fork" } });
      expect((await at.outcome(id)).status).toBe("succeeded");
      for (const name of ["A", "B", "C"]) expect(at.world.count(`end ${name}:fork`)).toBe(1);
      const join = (await at.journal(id)).find(({ key }) => key === "Join#0");
      expect(join?.items).toEqual([{ who: "fork" }, { who: "fork" }]);
    },
  },
  {
    name: "visits the nodes of a loop once a round",
    async run(at) {
      const graph = sketch(
        { Start: { type: "start" }, Loop: { type: "loop", parameters: { times: 3 } }, Body: { type: "act" }, Done: {} },
        ["Start -> Loop", "Loop.again -> Body", "Body -> Loop", "Loop.done -> Done"],
      );
      const id = await begin(at, graph, { item: { who: "loop" } });
      expect((await at.outcome(id)).status).toBe("succeeded");
      expect(at.world.count("end Body:loop")).toBe(3);
      expect((await at.journal(id)).filter(({ key }) => key.startsWith("Body#")).map(({ key }) => key)).toEqual([
        "Body#0",
        "Body#1",
        "Body#2",
      ]);
    },
  },
  {
    name: "goes 260 times round a loop, more steps than one run of Inngest makes, and does each round once",
    timeoutMs: 180_000,
    async run(at) {
      const graph = sketch(
        { Start: { type: "start" }, Loop: { type: "loop", parameters: { times: 260 } }, Body: { type: "act" }, Done: {} },
        ["Start -> Loop", "Loop.again -> Body", "Body -> Loop", "Loop.done -> Done"],
      );
      const id = await begin(at, { ...graph, settings: { maxVisits: 5000 } }, { item: { who: "long" } });
      expect((await at.outcome(id)).status).toBe("succeeded");
      expect(at.world.count("end Body:long")).toBe(260);
      expect(at.world.count("begin Body:long 1")).toBe(260);
    },
  },
  {
    name: "passes a list on that is larger than an engine's own messages may be",
    async run(at) {
      const id = await begin(at, chain({ Many: { type: "many", parameters: { count: 6000, bytes: 1000 } }, A: {}, B: {} }));
      const { status, lastItems } = await at.outcome(id);
      expect([status, lastItems?.length]).toEqual(["succeeded", 6000]);
      expect(lastItems?.at(-1)?.json).toMatchObject({ n: 5999, by: "B" });
    },
  },
  {
    name: "tries a failing node again after a fixed time, as often as it says",
    async run(at) {
      const retry = { maxAttempts: 3, waitMs: 40, backoff: "fixed" as const };
      const id = await begin(at, chain({ A: { type: "act", parameters: { fails: 2 }, settings: { retry } } }));
      expect((await at.outcome(id)).status).toBe("succeeded");
      const attempts = (await at.journal(id)).filter(({ key }) => key === "A#0");
      expect(attempts.map(({ attempt, status }) => `${attempt} ${status}`)).toEqual(["1 failed", "2 failed", "3 succeeded"]);
      for (const index of [1, 2]) expect(attempts[index]!.startedAt - attempts[index - 1]!.finishedAt!).toBeGreaterThanOrEqual(39);
    },
  },
  {
    name: "waits twice as long before each further attempt when the backoff is exponential",
    async run(at) {
      const retry = { maxAttempts: 3, waitMs: 60, backoff: "exponential" as const };
      const id = await begin(at, chain({ A: { type: "act", parameters: { fails: 2 }, settings: { retry } } }));
      expect((await at.outcome(id)).status).toBe("succeeded");
      const [first, second, third] = (await at.journal(id)).filter(({ key }) => key === "A#0");
      expect(second!.startedAt - first!.finishedAt!).toBeGreaterThanOrEqual(59);
      expect(third!.startedAt - second!.finishedAt!).toBeGreaterThanOrEqual(119);
    },
  },
  {
    name: "takes the delay that an error names over the policy's",
    async run(at) {
      const retry = { maxAttempts: 2, waitMs: 3_600_000, backoff: "fixed" as const };
      const id = await begin(at, chain({ A: { type: "act", parameters: { fails: 1, retryAfterMs: 50 }, settings: { retry } } }));
      expect((await at.outcome(id)).status).toBe("succeeded");
      const hasty = { maxAttempts: 2, waitMs: 0, backoff: "fixed" as const };
      const later = await begin(at, chain({ A: { type: "act", parameters: { fails: 1, retryAfterMs: 600 }, settings: { retry: hasty } } }));
      expect((await at.outcome(later)).status).toBe("succeeded");
      const [first, second] = (await at.journal(later)).filter(({ key }) => key === "A#0");
      expect(second!.startedAt - first!.finishedAt!).toBeGreaterThanOrEqual(599);
    },
  },
  {
    name: "tries nodes without a policy of their own as the flow says",
    async run(at) {
      const id = await begin(
        at,
        chain(
          {
            A: { type: "act", parameters: { fails: 1 } },
            B: { type: "act", parameters: { fails: 1 }, settings: { retry: { maxAttempts: 1, waitMs: 0, backoff: "fixed" } } },
          },
          { retryPolicy: { maxAttempts: 2, waitMs: 10, backoff: "fixed" } },
        ),
        { item: { who: "default" } },
      );
      expect((await at.outcome(id)).status).toBe("failed");
      expect(at.world.count("begin A:default 2")).toBe(1);
      expect(at.world.count("begin B:default 2")).toBe(0);
    },
  },
  {
    name: "never tries a fatal error again, and says which node failed",
    async run(at) {
      const retry = { maxAttempts: 5, waitMs: 0, backoff: "fixed" as const };
      const id = await begin(at, chain({ A: { type: "act", parameters: { fails: 9, fatal: true }, settings: { retry } }, B: {} }));
      expect(await at.outcome(id)).toMatchObject({
        status: "failed",
        error: { nodeName: "A", message: expect.stringContaining("attempt 1") },
      });
      expect((await at.journal(id)).map(({ key, status }) => `${key} ${status}`)).toEqual(["Start#0 succeeded", "A#0 failed"]);
    },
  },
  {
    name: "passes an error on as an item where the node says so",
    async run(at) {
      const id = await begin(at, failing({ onError: "continue" }));
      expect((await at.outcome(id)).status).toBe("succeeded");
      expect((await at.journal(id)).map(({ key }) => key)).toContain("Next#0");
    },
  },
  {
    name: "sends an error out of the error output where the node says so",
    async run(at) {
      const id = await begin(at, failing({ onError: "errorOutput" }, ["Failing -> Next", "Failing.error -> Rescue"]));
      expect((await at.outcome(id)).status).toBe("succeeded");
      const keys = (await at.journal(id)).map(({ key }) => key);
      expect(keys).toContain("Rescue#0");
      expect(keys).not.toContain("Next#0");
    },
  },
  {
    name: "sleeps until its instant and no shorter",
    async run(at) {
      const until = Date.now() + 700;
      const id = await begin(at, chain({ Nap: { type: "sleep", parameters: { until: new Date(until).toISOString() } }, After: {} }));
      expect((await at.outcome(id)).status).toBe("succeeded");
      const after = (await at.journal(id)).find(({ key }) => key === "After#0");
      expect(after!.startedAt).toBeGreaterThanOrEqual(until);
    },
  },
];
