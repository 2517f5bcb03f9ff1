import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sketch } from "@/flow/interpreter/testing/registry";
import { goOnFrom, type History } from "./testing/history";

/**
 * Executions wait for weeks, and the release changes meanwhile: what an earlier one has journaled, this one must read alike.
 * Histories of a release are recorded when it is made, with its version in package.json, and never written anew:
 * `RECORD_HISTORIES=1 npx vitest run --project unit server/execution/proof/histories`.
 */
const directory = path.join(import.meta.dirname, "histories");
const start = { Start: { type: "start" } };
const items = [1, 2, 3, 4].map((n) => ({ n }));
const fails = (settings: object, parameters = {}) => ({ type: "fail", settings, parameters });
const again = { retry: { maxAttempts: 3, waitMs: 0, backoff: "fixed" } };

const FLOWS = {
  "a row": sketch({ ...start, A: {}, B: {}, C: {} }, ["Start -> A", "A -> B", "B -> C"]),
  //         ┌ A ──── C ┐
  //  Start ─┤          ├ M ─ End
  //         └ B ───────┘
  "branches that meet": sketch(
    { ...start, A: { at: [1, 0] }, C: { at: [2, 0] }, B: { at: [1, 100] }, M: { type: "merge", at: [3, 0] }, End: { at: [4, 0] } },
    ["Start -> A", "A -> C", "Start -> B", "C -> M.a", "B -> M.b", "M -> End"],
  ),
  "two branches into one node": sketch({ ...start, S: { type: "split" }, A: { at: [3, 0] }, B: { at: [3, 100] }, End: { at: [4, 0] } }, [
    "Start -> S",
    "S.even -> A",
    "S.odd -> B",
    "A -> End",
    "B -> End",
  ]),
  "a branch that nothing takes": sketch({ ...start, D: { type: "drop" }, A: {}, B: { at: [1, 100] } }, [
    "Start -> D",
    "D -> A",
    "Start -> B",
  ]),
  "a loop, and a decision in each round": sketch(
    {
      ...start,
      L: { type: "loop", parameters: { times: 3 } },
      S: { type: "split", at: [3, 100] },
      A: { at: [4, 100] },
      B: { at: [4, 200] },
      End: { at: [3, 0] },
    },
    ["Start -> L", "L.again -> S", "S.even -> A", "S.odd -> B", "A -> L", "B -> L", "L.done -> End"],
  ),
  "a fault after attempts": sketch({ ...start, A: {}, F: fails(again), B: {} }, ["Start -> A", "A -> F", "F -> B"]),
  "a third attempt": sketch({ ...start, F: fails(again, { until: 3 }), B: {} }, ["Start -> F", "F -> B"]),
  "a fault that leaves by the error output, and one that goes on": sketch(
    { ...start, F: fails({ onError: "errorOutput" }), G: fails({ onError: "continue" }), A: {}, B: { at: [3, 100] } },
    ["Start -> F", "F -> A", "F.error -> G", "G -> B"],
  ),
  "a sleep beside a question": sketch(
    {
      ...start,
      Z: { type: "sleep", at: [1, 0], parameters: { until: "2030-01-01T00:00:00.000Z" } },
      W: { type: "ask", at: [1, 100] },
      A: { at: [2, 0] },
      B: { at: [2, 100] },
    },
    ["Start -> Z", "Start -> W", "Z -> A", "W -> B"],
  ),
  "settings of nodes": sketch(
    {
      ...start,
      A: { disabled: true },
      B: { settings: { executeOnce: true } },
      D: { type: "drop", settings: { alwaysOutputData: true } },
      End: {},
    },
    ["Start -> A", "A -> B", "B -> D", "D -> End"],
  ),
  "what expressions read": sketch(
    { ...start, A: {}, B: { parameters: { set: { seen: "={{ $('Start').all().length }} of {{ $json.n }}" } } } },
    ["Start -> A", "A -> B"],
  ),
};

if (process.env.RECORD_HISTORIES) {
  it("records what this release does, unless it was recorded before", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const file = path.join(directory, `${version}.jsonl`);
    expect(existsSync(file), `${file} is there already: histories are never written anew`).toBe(false);
    const lines: string[] = [];
    for (const [name, graph] of Object.entries(FLOWS)) lines.push(JSON.stringify({ name, ...(await goOnFrom({ graph, items })) }));
    writeFileSync(file, `${lines.join("\n")}\n`);
  });
}

const byKey = ({ visits, end }: History) => ({ end, visits: Object.fromEntries(visits.map((visit) => [visit.key, visit])) });

describe.each(readdirSync(directory))("an execution that release %s began", (file) => {
  const lines = readFileSync(path.join(directory, file), "utf8").trim().split("\n");
  const histories = lines.map((line) => JSON.parse(line) as History & { name: string });

  it.each(histories)("goes on from wherever it stood, and ends as it would have: $name", async (history) => {
    const whole = byKey(history);
    for (let taken = 0; taken <= history.visits.length; taken++) {
      expect({ taken, ...byKey(await goOnFrom({ ...history, visits: history.visits.slice(0, taken) })) }).toEqual({ taken, ...whole });
    }
  });
});

it("is told apart by what its steps were given", async () => {
  const history = await goOnFrom({ graph: FLOWS["a row"], items });
  const visits = history.visits.map((visit) => (visit.key === "B#0" ? { ...visit, sources: [{ key: "Start#0", output: 0 }] } : visit));
  await expect(goOnFrom({ ...history, visits })).rejects.toThrow("B#0 was given");
});
