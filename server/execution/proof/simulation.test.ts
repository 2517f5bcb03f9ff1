import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphOf, randomEdges, randomPart } from "@/flow/interpreter/testing/random-graph";
import { outputsOf, Simulation, type SimulationResult } from "@/flow/interpreter/testing/simulation";

const RUNS = Number(process.env.SIMULATION_RUNS ?? 3000);
const parts = fc.array(randomPart(["mark", "mark", "split", "drop", "merge", "loop", "post", "post", "flaky", "sleep", "ask", "fail"]), {
  minLength: 6,
  maxLength: 6,
});
const items = [{ json: { n: 1 } }, { json: { n: 2 } }];

/** What must hold of any run, however it came about. */
function check({ journal, writes }: SimulationResult): void {
  const done = journal.filter(({ kind }) => kind === "output").map(({ key }) => key);
  expect(done).toEqual([...new Set(done)]);
  expect(writes.filter(({ phase, durable }) => phase === "begin" && durable)).toEqual([]);
  journal.forEach(({ kind, sources }, position) => {
    if (kind !== "output") return;
    const before = new Set(journal.slice(0, position).map(({ key }) => key));
    for (const source of sources) if (source) expect(before).toContain(source.key);
  });
}

describe("an execution on workers that die and stand still", () => {
  it("ends as on one that lives, in any order of events; what was written is not written again", { timeout: 300_000 }, async () => {
    let crashes = 0;
    let freezes = 0;
    let claims = 0;
    await fc.assert(
      fc.asyncProperty(parts, randomEdges, fc.nat(), async (nodes, edges, seed) => {
        const graph = graphOf(nodes, edges);
        const quiet = await new Simulation(graph, items, 1, false).run();
        check(quiet);
        const stormy = await new Simulation(graph, items, seed, true).run();
        check(stormy);
        crashes += stormy.crashes;
        freezes += stormy.freezes;
        claims += stormy.claims;
        expect(stormy.status).toBe(quiet.status);
        if (quiet.status === "failed") return;
        expect(stormy.lastKey).toBe(quiet.lastKey);
        expect(outputsOf(stormy)).toEqual(outputsOf(quiet));
        const ended = new Set(stormy.writes.filter(({ phase }) => phase === "end").map(({ key }) => key));
        expect(ended).toEqual(new Set(quiet.writes.filter(({ phase }) => phase === "end").map(({ key }) => key)));
      }),
      { numRuns: RUNS },
    );
    process.stdout.write(`simulation: ${RUNS} seeds, ${crashes} crashes, ${freezes} freezes, ${claims} claims\n`);
    expect(crashes).toBeGreaterThan(RUNS / 8);
  });
});
