import { expect } from "vitest";
import type { FlowSettings } from "@/flow/graph/schema";
import { answer, type Behaviour, becomes, begin, chain, type Harness, until } from "../harness";

const needs = ["durable", "policies"] as const;

const held = (settings: FlowSettings) => chain({ Hold: { type: "act", parameters: { holds: true } } }, settings);
const starter =
  (at: Harness, flow: string) =>
  async (who: string, item = {}): Promise<string> =>
    (await at.start(flow, { item: { who, ...item } })).executionId;
const begun = (at: Harness, who: string) => at.world.noted(`begin Hold:${who} 1`);

export const limits: readonly Behaviour[] = [
  {
    name: "runs no more executions of a flow than it says, the others in their order",
    needs,
    async run(at) {
      const start = starter(at, await at.publish(held({ concurrency: { limit: 1, overlap: "queue" } })));
      const ids = [await start("q1"), await start("q2"), await start("q3")];
      await begun(at, "q1");
      expect(await at.status(ids[1]!)).toBe("queued");
      for (const who of ["q1", "q2", "q3"]) {
        await begun(at, who);
        at.world.open(`Hold:${who}`);
      }
      for (const id of ids) expect((await at.outcome(id)).status).toBe("succeeded");
      const order = at.world.log.filter((line) => /^(begin|end) Hold:q\d/.test(line)).map((line) => line.split(" ").slice(0, 2).join(" "));
      expect(order).toEqual(["q1", "q2", "q3"].flatMap((who) => [`begin Hold:${who}`, `end Hold:${who}`]));
    },
  },
  {
    name: "counts for each value of the key",
    needs,
    async run(at) {
      const settings: FlowSettings = { concurrency: { limit: 1, key: "={{ $json.customer }}", overlap: "queue" } };
      const start = starter(at, await at.publish(held(settings)));
      const ids = [await start("k1", { customer: "a" }), await start("k2", { customer: "a" }), await start("k3", { customer: "b" })];
      await Promise.all([begun(at, "k1"), begun(at, "k3")]);
      expect(await at.status(ids[1]!)).toBe("queued");
      for (const who of ["k1", "k2", "k3"]) at.world.open(`Hold:${who}`);
      for (const id of ids) expect((await at.outcome(id)).status).toBe("succeeded");
    },
  },
  {
    name: "counts an execution that waits until it has ended",
    needs,
    async run(at) {
      const flow = await at.publish(chain({ Ask: { type: "wait" } }, { concurrency: { limit: 1, overlap: "queue" } }));
      const [first, second] = [(await at.start(flow)).executionId, (await at.start(flow)).executionId];
      await becomes(at, first, "waiting");
      expect(await at.status(second)).toBe("queued");
      await answer(at, first, "Ask", {});
      await becomes(at, second, "waiting");
      await answer(at, second, "Ask", {});
      expect((await at.outcome(second)).status).toBe("succeeded");
    },
  },
  {
    name: "skips what finds no room where the flow says so, and says why",
    needs,
    async run(at) {
      const start = starter(at, await at.publish(held({ concurrency: { limit: 1, overlap: "skip" } })));
      const first = await start("s1");
      await begun(at, "s1");
      const second = await at.outcome(await start("s2"));
      expect(second).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining("Skipped") } });
      at.world.open("Hold:s1");
      expect((await at.outcome(first)).status).toBe("succeeded");
      expect(at.world.count("begin Hold:s2 1")).toBe(0);
    },
  },
  {
    name: "ends what is under way for what comes later where the flow says so",
    needs,
    async run(at) {
      const start = starter(at, await at.publish(held({ concurrency: { limit: 1, overlap: "cancelPrevious" } })));
      const first = await start("p1");
      await begun(at, "p1");
      const second = await start("p2");
      expect(await at.outcome(first)).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining("took its place") } });
      at.world.open("Hold:p2");
      expect((await at.outcome(second)).status).toBe("succeeded");
    },
  },
  {
    name: "skips, and gives way, for each value of the key",
    needs,
    async run(at) {
      const key = "={{ $json.customer }}";
      const skip = starter(at, await at.publish(held({ concurrency: { limit: 1, key, overlap: "skip" } })));
      const kept = [await skip("sa1", { customer: "a" }), await skip("sb1", { customer: "b" })];
      expect(await at.outcome(await skip("sa2", { customer: "a" }))).toMatchObject({ status: "cancelled" });
      await Promise.all([begun(at, "sa1"), begun(at, "sb1")]);
      for (const who of ["sa1", "sb1"]) at.world.open(`Hold:${who}`);
      for (const id of kept) expect((await at.outcome(id)).status).toBe("succeeded");
      const replace = starter(at, await at.publish(held({ concurrency: { limit: 1, key, overlap: "cancelPrevious" } })));
      const replaced = await replace("ra1", { customer: "a" });
      const beside = await replace("rb1", { customer: "b" });
      await Promise.all([begun(at, "ra1"), begun(at, "rb1")]);
      const later = await replace("ra2", { customer: "a" });
      expect((await at.outcome(replaced)).status).toBe("cancelled");
      for (const who of ["rb1", "ra2"]) at.world.open(`Hold:${who}`);
      for (const id of [beside, later]) expect((await at.outcome(id)).status).toBe("succeeded");
    },
  },
  {
    name: "runs the last of arrivals that follow each other",
    needs,
    async run(at) {
      const start = starter(at, await at.publish(chain({ A: { type: "act" } }, { debounce: { ms: 300 } })));
      const ids = [await start("d1"), await start("d2"), await start("d3")];
      expect((await at.outcome(ids[2]!)).status).toBe("succeeded");
      for (const id of ids.slice(0, 2)) {
        expect(await at.outcome(id)).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining("Debounced") } });
      }
      expect(["d1", "d2", "d3"].map((who) => at.world.count(`end A:${who}`))).toEqual([0, 0, 1]);
    },
  },
  {
    name: "puts arrivals off, and lets so many start in a period, for each value of the key",
    needs,
    async run(at) {
      const key = "={{ $json.customer }}";
      const put = starter(at, await at.publish(chain({ A: { type: "act" } }, { debounce: { ms: 300, key } })));
      const [early, late, other] = [
        await put("ka1", { customer: "a" }),
        await put("ka2", { customer: "a" }),
        await put("kb1", { customer: "b" }),
      ];
      expect((await at.outcome(early)).status).toBe("cancelled");
      for (const id of [late, other]) expect((await at.outcome(id)).status).toBe("succeeded");

      const slow = starter(at, await at.publish(chain({ A: { type: "act" } }, { throttle: { limit: 1, periodMs: 3_600_000, key } })));
      const first = await slow("ta1", { customer: "a" });
      const second = await slow("ta2", { customer: "a" });
      const beside = await slow("tb1", { customer: "b" });
      for (const id of [first, beside]) expect((await at.outcome(id)).status).toBe("succeeded");
      expect(await at.status(second)).toBe("waiting");
      expect(await at.engine!.cancel(second)).toBe(true);
    },
  },
  {
    name: "puts no arrival off for longer than the flow says",
    needs,
    async run(at) {
      const start = starter(at, await at.publish(chain({ A: { type: "act" } }, { debounce: { ms: 3_600_000, maxMs: 300 } })));
      await start("m1");
      expect((await at.outcome(await start("m2"))).status).toBe("succeeded");
    },
  },
  {
    name: "starts no more executions in a period than the flow says, and drops none",
    needs,
    async run(at) {
      const start = starter(at, await at.publish(chain({ A: { type: "act" } }, { throttle: { limit: 1, periodMs: 250 } })));
      const first = Date.now();
      const ids = [await start("t1"), await start("t2"), await start("t3")];
      const begins: number[] = [];
      for (const id of ids) {
        expect((await at.outcome(id)).status).toBe("succeeded");
        begins.push((await at.journal(id))[0]!.startedAt);
      }
      for (const [index, time] of begins.sort((a, b) => a - b).entries()) expect(time).toBeGreaterThanOrEqual(first + index * 250 - 1);
    },
  },
  {
    name: "runs no more executions of an organization than it may, higher priorities first",
    needs,
    async run(at) {
      await at.limitOrganization!(1);
      const first = await begin(at, held({}), { item: { who: "o1" } });
      await begun(at, "o1");
      const later: string[] = [];
      for (const [who, priority] of [
        ["o2", -1],
        ["o3", 0],
        ["o4", 5],
      ] as const) {
        later.push(await begin(at, held({ priority }), { item: { who } }));
      }
      for (const who of ["o1", "o4", "o3", "o2"]) {
        await begun(at, who);
        at.world.open(`Hold:${who}`);
      }
      for (const id of [first, ...later]) expect((await at.outcome(id)).status).toBe("succeeded");
      const order = at.world.log.filter((line) => /^(begin|end) Hold:o\d/.test(line)).map((line) => line.split(" ").slice(0, 2).join(" "));
      expect(order).toEqual(["o1", "o4", "o3", "o2"].flatMap((who) => [`begin Hold:${who}`, `end Hold:${who}`]));
      await at.limitOrganization!(100);
    },
  },
  {
    name: "ends an execution that takes too long, and tells its step",
    needs: [...needs, "aborts"],
    async run(at) {
      const id = await begin(at, held({ timeoutMs: 400 }), { item: { who: "slow" } });
      expect(await at.outcome(id)).toMatchObject({ status: "timed_out", error: { message: expect.stringContaining("longer") } });
      await at.world.noted("abort Hold:slow");
    },
  },
  {
    name: "ends an execution that sleeps or waits for too long",
    needs,
    async run(at) {
      const settings = { timeoutMs: 400 };
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
      const asleep = await begin(at, chain({ Nap: { type: "sleep", parameters: { until: tomorrow } } }, settings));
      const waiting = await begin(at, chain({ Ask: { type: "wait" } }, settings));
      for (const id of [asleep, waiting]) expect((await at.outcome(id)).status).toBe("timed_out");
      expect(await answer(at, waiting, "Ask", {})).toBe(false);
      await until(
        () => at.inMemory(),
        (count) => count === 0,
      );
    },
  },
];
