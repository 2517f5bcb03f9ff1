import { expect } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import { answer, type Behaviour, becomes, begin, chain, until } from "../harness";

const needs = ["durable"] as const;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

export const waits: readonly Behaviour[] = [
  {
    name: "goes on with what answers a wait",
    needs,
    async run(at) {
      const id = await begin(at, chain({ Ask: { type: "wait" }, After: {} }));
      await becomes(at, id, "waiting");
      expect(await answer(at, id, "Ask", { approved: true })).toBe(true);
      expect(await at.outcome(id)).toMatchObject({ status: "succeeded", lastItems: [{ json: { approval: { approved: true } } }] });
    },
  },
  {
    name: "takes a page of a form that was filled in as one item, with its files",
    needs,
    async run(at) {
      const id = await begin(at, chain({ Page: { type: "wait", parameters: { form: true } } }));
      await becomes(at, id, "waiting");
      const file = { mimeType: "text/plain", fileSize: 1, data: "YQ==" };
      expect(await answer(at, id, "Page", { json: { name: "Ada" }, binary: { photo: file } })).toBe(true);
      expect(await answer(at, id, "Page", { json: { name: "Eve" } })).toBe(false);
      const { status, lastItems } = await at.outcome(id);
      expect([status, lastItems?.length, lastItems?.[0]?.json, lastItems?.[0]?.binary]).toEqual([
        "succeeded",
        1,
        { name: "Ada" },
        { photo: file },
      ]);
    },
  },
  {
    name: "keeps an answer that comes before its wait, and takes it once",
    needs,
    async run(at) {
      const id = await begin(at, chain({ Hold: { type: "act", parameters: { holds: true } }, Ask: { type: "wait" }, After: {} }), {
        item: { who: "early" },
      });
      await at.world.noted("begin Hold:early 1");
      expect(await answer(at, id, "Ask", { n: 1 })).toBe(true);
      expect(await answer(at, id, "Ask", { n: 2 })).toBe(false);
      at.world.open("Hold:early");
      expect(await at.outcome(id)).toMatchObject({ status: "succeeded", lastItems: [{ json: { approval: { n: 1 } } }] });
    },
  },
  {
    name: "goes on without an answer once a wait has run out, and refuses one that comes late",
    needs,
    async run(at) {
      const end = Date.now() + 600;
      const id = await begin(at, chain({ Ask: { type: "wait", parameters: { until: new Date(end).toISOString() } }, After: {} }));
      const outcome = await at.outcome(id);
      expect(outcome.status).toBe("succeeded");
      expect(outcome.lastItems?.[0]?.json).not.toHaveProperty("approval");
      expect((await at.journal(id)).find(({ key }) => key === "After#0")!.startedAt).toBeGreaterThanOrEqual(end);
      expect(await answer(at, id, "Ask", { late: true })).toBe(false);
    },
  },
  {
    name: "goes on in one branch while another one waits",
    needs,
    async run(at) {
      const graph = sketch({ Start: { type: "start" }, Ask: { type: "wait" }, A: { type: "act" }, B: { type: "act" } }, [
        "Start -> Ask",
        "Start -> A",
        "A -> B",
      ]);
      const id = await begin(at, graph, { item: { who: "beside" } });
      await at.world.noted("end B:beside");
      await becomes(at, id, "waiting");
      expect(await answer(at, id, "Ask", {})).toBe(true);
      expect((await at.outcome(id)).status).toBe("succeeded");
      expect(at.world.count("end A:beside")).toBe(1);
    },
  },
  {
    name: "waits for 30 days in nobody's memory, and ends on the version that it began with",
    needs,
    async run(at) {
      const flow = await at.publish(chain({ Ask: { type: "wait", parameters: { until: inDays(30) } }, Old: {} }));
      const { executionId } = await at.start(flow);
      await becomes(at, executionId, "waiting");
      await until(
        () => at.inMemory(),
        (count) => count === 0,
      );
      await at.publish(chain({ Ask: { type: "wait" }, New: {} }), flow);
      expect(await answer(at, executionId, "Ask", { ok: true })).toBe(true);
      expect(await at.outcome(executionId)).toMatchObject({ status: "succeeded", lastItems: [{ json: { by: "Old" } }] });
      const next = await at.start(flow);
      await becomes(at, next.executionId, "waiting");
      await answer(at, next.executionId, "Ask", {});
      expect(await at.outcome(next.executionId)).toMatchObject({ lastItems: [{ json: { by: "New" } }] });
    },
  },
  {
    name: "starts one execution for arrivals with the same key",
    needs,
    async run(at) {
      const flow = await at.publish(chain({ A: { type: "act" } }));
      const starts = await Promise.all([1, 2, 3].map(() => at.start(flow, { item: { who: "same" }, dedupeKey: "delivery-1" })));
      expect(new Set(starts.map(({ executionId }) => executionId)).size).toBe(1);
      expect(starts.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
      expect((await at.outcome(starts[0]!.executionId)).status).toBe("succeeded");
      expect(at.world.count("end A:same")).toBe(1);
    },
  },
];
