import { expect } from "vitest";
import { answer, type Behaviour, becomes, begin, chain, until } from "../harness";

/** One step before and one after another that takes as long as the test wants. */
const stepsAround = chain({ A: { type: "act" }, Hold: { type: "act", parameters: { holds: true } }, B: { type: "act" } });

export const control: readonly Behaviour[] = [
  {
    name: "cancels what waits, at once and for good",
    needs: ["durable"],
    async run(at) {
      const id = await begin(at, chain({ Ask: { type: "wait" }, After: {} }));
      await becomes(at, id, "waiting");
      expect(await at.engine!.cancel(id)).toBe(true);
      expect((await at.outcome(id)).status).toBe("cancelled");
      expect(await answer(at, id, "Ask", {})).toBe(false);
      expect(await at.engine!.cancel(id)).toBe(false);
    },
  },
  {
    name: "tells a running step that its execution was cancelled, and starts no other",
    needs: ["durable", "aborts"],
    async run(at) {
      const id = await begin(at, chain({ Hold: { type: "act", parameters: { holds: true } }, After: { type: "act" } }), {
        item: { who: "cut" },
      });
      await at.world.noted("begin Hold:cut 1");
      expect(await at.engine!.cancel(id)).toBe(true);
      await at.world.noted("abort Hold:cut");
      expect((await at.outcome(id)).status).toBe("cancelled");
      expect(at.world.count("begin After:cut 1")).toBe(0);
    },
  },
  {
    name: "records a write that is cut off as one whose effect is not known",
    needs: ["durable", "aborts"],
    async run(at) {
      const id = await begin(at, chain({ Hold: { type: "act", parameters: { holds: true } } }), { item: { who: "unknown" } });
      await at.world.noted("begin Hold:unknown 1");
      await at.engine!.cancel(id);
      expect((await at.outcome(id)).status).toBe("cancelled");
      const lines = (await at.journal(id)).filter(({ key }) => key === "Hold#0");
      expect(lines).toMatchObject([{ attempt: 1, status: "cancelled", error: expect.stringContaining("is not known") }]);
    },
  },
  {
    name: "hangs up a running HTTP call when its execution is cancelled",
    needs: ["durable", "aborts"],
    async run(at) {
      const id = await begin(at, chain({ Call: { type: "call" } }), { item: { who: "http" } });
      await at.world.noted("call Call:http");
      await at.engine!.cancel(id);
      await at.world.noted("hung up Call:http");
      expect((await at.outcome(id)).status).toBe("cancelled");
    },
  },
  {
    name: "ends running code when its execution is cancelled",
    needs: ["durable", "aborts"],
    async run(at) {
      const id = await begin(at, chain({ Compute: { type: "compute" } }), { item: { who: "code" } });
      await at.world.noted("begin Compute:code 1");
      await at.engine!.cancel(id);
      await at.world.noted("over Compute:code");
      expect((await at.outcome(id)).status).toBe("cancelled");
    },
  },
  {
    name: "pauses after the running step, and goes on where it was",
    needs: ["durable"],
    async run(at) {
      const id = await begin(at, chain({ Hold: { type: "act", parameters: { holds: true } }, After: { type: "act" } }), {
        item: { who: "paused" },
      });
      await at.world.noted("begin Hold:paused 1");
      expect(await at.engine!.pause(id)).toBe(true);
      at.world.open("Hold:paused");
      await becomes(at, id, "paused");
      expect(at.world.count("begin After:paused 1")).toBe(0);
      expect(await at.engine!.resume(id)).toBe(true);
      expect((await at.outcome(id)).status).toBe("succeeded");
      expect(at.world.log.filter((line) => line.endsWith(":paused") && line.startsWith("end"))).toEqual([
        "end Hold:paused",
        "end After:paused",
      ]);
      expect(await at.engine!.pause(id)).toBe(false);
      expect(await at.engine!.resume(id)).toBe(false);
    },
  },
  {
    name: "keeps an answer that comes during a pause, and cancels what is paused",
    needs: ["durable"],
    async run(at) {
      const graph = chain({ Ask: { type: "wait" }, After: {} });
      const id = await begin(at, graph);
      await becomes(at, id, "waiting");
      expect(await at.engine!.pause(id)).toBe(true);
      await becomes(at, id, "paused");
      expect(await answer(at, id, "Ask", { n: 1 })).toBe(true);
      expect(await at.status(id)).toBe("paused");
      expect(await at.engine!.resume(id)).toBe(true);
      expect((await at.outcome(id)).status).toBe("succeeded");
      const other = await begin(at, graph);
      await becomes(at, other, "waiting");
      await at.engine!.pause(other);
      await becomes(at, other, "paused");
      expect(await at.engine!.cancel(other)).toBe(true);
      expect((await at.outcome(other)).status).toBe("cancelled");
    },
  },
  {
    name: "goes on elsewhere when a process dies, without running a completed write again",
    needs: ["durable", "crashes"],
    async run(at) {
      const id = await begin(at, stepsAround, { item: { who: "crash" } });
      await at.world.noted("begin Hold:crash 1");
      await at.crash!();
      await until(
        () => at.world.count("begin Hold:crash 1"),
        (count) => count === 2,
      );
      at.world.open("Hold:crash");
      expect((await at.outcome(id)).status).toBe("succeeded");
      expect(at.world.count("end A:crash")).toBe(1);
      expect(at.world.count("end B:crash")).toBe(1);
    },
  },
  {
    name: "lets the step under way finish when its process is stopped, and goes on in the next with what was not done",
    needs: ["durable", "stops"],
    async run(at) {
      const waiting = await begin(at, chain({ Ask: { type: "wait" }, After: { type: "act" } }), { item: { who: "asked" } });
      await becomes(at, waiting, "waiting");
      // It takes a while after the door has opened: a process that does not wait for it is gone by then.
      const hold = { type: "act", parameters: { holds: true, ms: 300 } };
      const id = await begin(at, chain({ A: { type: "act" }, Hold: hold, B: { type: "act" } }), { item: { who: "stopped" } });
      await at.world.noted("begin Hold:stopped 1");
      const restarted = at.restart!();
      at.world.open("Hold:stopped");
      await restarted;
      expect((await at.outcome(id)).status).toBe("succeeded");
      for (const name of ["A", "Hold", "B"]) expect(at.world.count(`begin ${name}:stopped 1`)).toBe(1);
      expect(await answer(at, waiting, "Ask", {})).toBe(true);
      expect((await at.outcome(waiting)).status).toBe("succeeded");
    },
  },
  {
    name: "begins no other step while its process is stopped: what follows is the next one's",
    needs: ["durable", "stops"],
    async run(at) {
      // The one keeps the process from ending; the other would go on meanwhile.
      const kept = await begin(at, stepsAround, { item: { who: "kept" } });
      const id = await begin(at, stepsAround, { item: { who: "next" } });
      await Promise.all([at.world.noted("begin Hold:kept 1"), at.world.noted("begin Hold:next 1")]);
      const restarted = at.restart!();
      at.world.open("Hold:next");
      await restarted;
      at.world.open("Hold:kept");
      for (const each of [id, kept]) expect((await at.outcome(each)).status).toBe("succeeded");
      expect(at.world.count("begin Hold:next 1")).toBe(1);
      expect(at.world.log.indexOf("end Hold:next")).toBeLessThan(at.world.log.indexOf("abort Hold:kept"));
      expect(at.world.log.indexOf("begin B:next 1")).toBeGreaterThan(at.world.log.indexOf("abort Hold:kept"));
    },
  },
  {
    name: "gives a step back that does not finish while its process is stopped: the next runs it again, and nothing that was recorded",
    needs: ["durable", "stops"],
    async run(at) {
      const id = await begin(at, stepsAround, { item: { who: "given back" } });
      await at.world.noted("begin Hold:given back 1");
      await at.restart!();
      await until(
        () => at.world.count("begin Hold:given back 1"),
        (count) => count === 2,
      );
      at.world.open("Hold:given back");
      expect((await at.outcome(id)).status).toBe("succeeded");
      for (const name of ["A", "Hold", "B"]) expect(at.world.count(`end ${name}:given back`)).toBe(1);
      const done = (await at.journal(id)).filter(({ status }) => status === "succeeded").map(({ key }) => key);
      expect(done).toEqual(["Start#0", "A#0", "Hold#0", "B#0"]);
    },
  },
];
