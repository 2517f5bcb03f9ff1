import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import { type Harness, ORGANIZATION, startHarness, until } from "./testing/harness";

const range = (length: number) => Array.from({ length }, (_, index) => index);

// The stand-in ends a run at 1,000 steps or 32 MiB of state, as a real server does.
describe("executions beyond what Inngest allows a run", () => {
  let at: Harness;
  beforeAll(async () => {
    at = await startHarness();
  });
  afterAll(async () => {
    expect(await at.observe.violations()).toEqual([]);
    await at.close();
  });

  const runsOf = (id: string) => at.server.runs("execute-flow").filter((run) => run.event.data.executionId === id);
  const triedMoreThanOnce = (id: string) => [...at.effects.all()].filter(([key, count]) => key.startsWith(`try ${id} `) && count !== 1);
  const tried = (id: string) => [...at.effects.all()].filter(([key]) => key.startsWith(`try ${id} `)).length;

  const succeeds = async (id: string, withinMs: number) => {
    expect(await at.observe.ended(id, withinMs)).toMatchObject({ status: "succeeded", error: null });
    await until("its last run is over", () => runsOf(id).every((run) => run.status !== "Running"));
    const runs = runsOf(id);
    expect(new Set(runs.slice(0, -1).map((run) => (run.output as { status: string } | undefined)?.status))).toEqual(new Set(["continued"]));
    expect(runs.at(-1)).toMatchObject({ status: "Completed", output: { status: "succeeded" } });
    expect(triedMoreThanOnce(id)).toEqual([]);
    return runs;
  };

  it("goes 1,250 times round a loop, 2,503 visits, in a handful of runs", { timeout: 180_000 }, async () => {
    const graph = sketch(
      { Start: { type: "start" }, Loop: { type: "rounds", parameters: { times: 1250 } }, Body: { type: "hit" }, End: {} },
      ["Start -> Loop", "Loop.again -> Body", "Body -> Loop", "Loop.done -> End"],
    );
    const id = await at.run({ ...graph, settings: { maxVisits: 5000 } });
    const runs = await succeeds(id, 170_000);
    expect(tried(id)).toBe(1250);
    expect(runs.length).toBe(Math.ceil((1 + 1251 + 1250 + 1) / 500));
  });

  //          ┌ Loop1 ⇄ A1
  //  Start ──┼ Loop2 ⇄ A2        three loops beside each other: there is never a moment at which nothing is under way
  //          └ Loop3 ⇄ A3
  it("hands over in the middle of branches that never rest at the same time", { timeout: 120_000 }, async () => {
    const branches = [1, 2, 3];
    const graph = sketch(
      {
        Start: { type: "start" },
        ...Object.fromEntries(
          branches.flatMap((n) => [
            [`Loop${n}`, { type: "rounds", parameters: { times: 40 } }],
            [`A${n}`, { type: "hit" }],
          ]),
        ),
      },
      branches.flatMap((n) => [`Start -> Loop${n}`, `Loop${n}.again -> A${n}`, `A${n} -> Loop${n}`]),
    );
    const id = await at.run({ ...graph, settings: { maxVisits: 5000 } });
    const runs = await succeeds(id, 110_000);
    expect(tried(id)).toBe(3 * 40);
    expect(runs.length).toBeGreaterThan(3);
  });

  it("runs 150 branches that begin at once, not all at the same time", { timeout: 120_000 }, async () => {
    const names = range(150).map((n) => `B${n}`);
    const graph = sketch(
      { Start: { type: "start" }, ...Object.fromEntries(names.map((name) => [name, { type: "hit" }])) },
      names.map((name) => `Start -> ${name}`),
    );
    const id = await at.run({ ...graph, settings: { maxVisits: 5000 } });
    await succeeds(id, 110_000);
    expect(tried(id)).toBe(150);
  });

  it("takes 40 payloads of a megabyte each", { timeout: 120_000 }, async () => {
    const graph = sketch({ Start: { type: "start" }, Loop: { type: "rounds", parameters: { times: 40 } }, Ask: { type: "ask" } }, [
      "Start -> Loop",
      "Loop.again -> Ask",
      "Ask -> Loop",
    ]);
    const id = await at.run(graph);
    for (const round of range(40)) {
      const payload = { text: `${round}`.padEnd(1_040_000, "x") };
      const correlation = `${id}:Ask#${round}`;
      expect(await at.app.engine.signal({ organizationId: ORGANIZATION, executionId: id, event: "resume", correlation, payload })).toBe(
        true,
      );
    }
    const runs = await succeeds(id, 110_000);
    expect(runs.length).toBeGreaterThan(2);
  });
});
