import { afterAll, beforeAll, expect, it } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import { type Harness, startHarness, until } from "./testing/harness";

let at: Harness;
beforeAll(async () => {
  at = await startHarness({ tickMs: 0 });
});
afterAll(async () => {
  expect(await at.observe.violations()).toEqual([]);
  await at.close();
});

//  Start ─ Slow ─ After
const slowThenAfter = (ms: number) =>
  sketch({ Start: { type: "start" }, Slow: { type: "hit", parameters: { ms } }, After: { type: "hit" } }, [
    "Start -> Slow",
    "Slow -> After",
  ]);

it("finishes the calls under way, refuses new ones with a time to come again, and leaves the rest to the next process", async () => {
  const id = await at.run(slowThenAfter(400));
  // It has the process stay while the other one's next step is called for.
  const slower = await at.run(slowThenAfter(1_400));
  for (const each of [id, slower]) await until("the step is under way", () => at.effects.count(`try ${each} Slow#0`) === 1);
  const restarted = at.app.restart();
  const refused = await fetch(`${at.app.url}?fnId=tolstoy-execute-flow&stepId=step`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ event: { name: "flow/execute", data: {} }, events: [], steps: {}, ctx: { run_id: "another" } }),
  });
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("2");
  expect(refused.headers.get("x-inngest-no-retry")).toBe("false");
  expect(at.effects.count(`done ${id} Slow#0`), "the step is still under way").toBe(0);
  await restarted;
  for (const each of [id, slower]) {
    expect(at.effects.count(`done ${each} Slow#0`), "it was waited for").toBe(1);
    expect(at.effects.count(`try ${each} After#0`), "and none was begun after it").toBe(0);
  }
  for (const each of [id, slower]) {
    expect(await at.observe.ended(each)).toMatchObject({ status: "succeeded" });
    for (const key of ["Slow#0", "After#0"]) expect(at.effects.count(`try ${each} ${key}`)).toBe(1);
  }
  const [run] = at.server.runs("execute-flow").filter(({ event }) => event.data.executionId === id);
  expect(run?.calls.map(({ status }) => status)).toContain(503);
});
