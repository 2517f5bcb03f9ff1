import { expect } from "vitest";
import { answer, type Behaviour, becomes, begin, chain, type Harness, until } from "../harness";

const needs = ["durable"] as const;

/** The only execution of a flow that another one started. */
const childOf = (at: Harness, flowId: string): Promise<string> =>
  until(
    () => at.executionsOf!(flowId),
    (ids) => ids.length > 0,
  ).then(([id]) => id!);

export const children: readonly Behaviour[] = [
  {
    name: "runs a flow as a step of another, once, and goes on with what it gave",
    needs,
    async run(at) {
      const child = await at.publish(chain({ Inner: { type: "act" }, Mark: {} }));
      const id = await begin(at, chain({ Call: { type: "flow", parameters: { id: child } }, After: {} }), { item: { who: "child" } });
      expect(await at.outcome(id)).toMatchObject({ status: "succeeded", lastItems: [{ json: { who: "child", by: "After" } }] });
      expect(at.world.count("end Inner:child")).toBe(1);
      expect(await at.executionsOf!(child)).toHaveLength(1);
    },
  },
  {
    name: "waits for a flow that waits, in nobody's memory",
    needs,
    async run(at) {
      const child = await at.publish(chain({ Ask: { type: "wait" } }));
      const id = await begin(at, chain({ Call: { type: "flow", parameters: { id: child } }, After: {} }));
      const inner = await childOf(at, child);
      await becomes(at, inner, "waiting");
      await becomes(at, id, "waiting");
      await until(
        () => at.inMemory(),
        (count) => count === 0,
      );
      expect(await answer(at, inner, "Ask", { ok: true })).toBe(true);
      expect(await at.outcome(id)).toMatchObject({ status: "succeeded", lastItems: [{ json: { approval: { ok: true } } }] });
    },
  },
  {
    name: "fails a step whose flow failed, and ends a flow whose caller was cancelled",
    needs,
    async run(at) {
      const broken = await at.publish(chain({ Inner: { type: "act", parameters: { fails: 9, fatal: true } } }));
      const failed = await begin(at, chain({ Call: { type: "flow", parameters: { id: broken } } }));
      expect(await at.outcome(failed)).toMatchObject({ status: "failed", error: { nodeName: "Call" } });
      const slow = await at.publish(chain({ Ask: { type: "wait" } }));
      const parent = await begin(at, chain({ Call: { type: "flow", parameters: { id: slow } } }));
      const inner = await childOf(at, slow);
      await becomes(at, inner, "waiting");
      expect(await at.engine!.cancel(parent)).toBe(true);
      expect((await at.outcome(inner)).status).toBe("cancelled");
    },
  },
];
