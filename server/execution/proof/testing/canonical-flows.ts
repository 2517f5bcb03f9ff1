import type { FlowSettings, Graph } from "@/flow/graph/schema";
import { sketch } from "@/flow/interpreter/testing/registry";

export interface CanonicalFlow {
  name: string;
  graph: Graph;
  items?: { n: number }[];
  /** What is given to the steps that wait, by step key. */
  answers?: readonly string[];
  /** How it ends; `succeeded` when not said. */
  ends?: "failed";
}

const start = { Start: { type: "start" } };
const two = [{ n: 1 }, { n: 2 }];
const row = (names: readonly string[]): string[] => names.slice(1).map((name, index) => `${names[index]} -> ${name}`);
/** Long enough to leave memory with the engine of the crash tests, short enough to wait for. */
const soon = (ms: number) => ({ until: `={{ new Date(Date.now() + ${ms}).toISOString() }}` });
const again = { retry: { maxAttempts: 3, waitMs: 30, backoff: "fixed" as const } };

const write = sketch({ ...start, P: { type: "post" } }, ["Start -> P"]);
/** More than the engine of the crash tests keeps in a row. */
const long = { set: { text: "long ".repeat(1000) } };
const says = (graph: Graph, settings: FlowSettings): Graph => ({ ...graph, settings });

/** What flows are made of, one shape at a time; every write is a `post`. */
export const canonicalFlows: readonly CanonicalFlow[] = [
  { name: "nothing but a trigger", graph: sketch(start, []) },
  { name: "pure steps in a row", graph: sketch({ ...start, A: {}, B: {}, C: {} }, row(["Start", "A", "B", "C"])) },
  { name: "one write", graph: sketch({ ...start, P: { type: "post" } }, ["Start -> P"]) },
  { name: "a write of several items", graph: sketch({ ...start, P: { type: "post" } }, ["Start -> P"]), items: two },
  {
    name: "writes in a row",
    graph: sketch({ ...start, P: { type: "post" }, Q: { type: "post" }, R: { type: "post" } }, row(["Start", "P", "Q", "R"])),
  },
  {
    name: "pure steps between writes",
    graph: sketch({ ...start, P: { type: "post" }, A: {}, Q: { type: "post" }, B: {} }, row(["Start", "P", "A", "Q", "B"])),
  },
  {
    name: "branches that write at once",
    graph: sketch({ ...start, P: { type: "post", at: [1, 0] }, Q: { type: "post", at: [1, 100] }, R: { type: "post", at: [1, 200] } }, [
      "Start -> P",
      "Start -> Q",
      "Start -> R",
    ]),
  },
  {
    name: "branches that meet in a merge, and a write",
    graph: sketch({ ...start, A: { at: [1, 0] }, B: { at: [1, 100] }, M: { type: "merge", at: [2, 0] }, P: { type: "post", at: [3, 0] } }, [
      "Start -> A",
      "Start -> B",
      "A -> M.a",
      "B -> M.b",
      "M -> P",
    ]),
  },
  {
    name: "writes that meet in a merge",
    graph: sketch({ ...start, P: { type: "post", at: [1, 0] }, Q: { type: "post", at: [1, 100] }, M: { type: "merge", at: [2, 0] } }, [
      "Start -> P",
      "Start -> Q",
      "P -> M.a",
      "Q -> M.b",
    ]),
  },
  {
    name: "a decision with a write on each side",
    graph: sketch({ ...start, S: { type: "split" }, P: { type: "post", at: [3, 0] }, Q: { type: "post", at: [3, 100] } }, [
      "Start -> S",
      "S.even -> P",
      "S.odd -> Q",
    ]),
    items: two,
  },
  {
    name: "a branch that nothing takes",
    graph: sketch({ ...start, S: { type: "split" }, P: { type: "post", at: [3, 0] }, Q: { type: "post", at: [3, 100] } }, [
      "Start -> S",
      "S.even -> P",
      "S.odd -> Q",
    ]),
    items: [{ n: 1 }],
  },
  {
    name: "a loop of pure steps",
    graph: sketch({ ...start, L: { type: "loop", parameters: { times: 3 } }, A: {} }, ["Start -> L", "L.again -> A", "A -> L"]),
  },
  {
    name: "a loop that writes in every round",
    graph: sketch({ ...start, L: { type: "loop", parameters: { times: 3 } }, P: { type: "post" } }, [
      "Start -> L",
      "L.again -> P",
      "P -> L",
    ]),
  },
  {
    name: "a loop that writes, and a write after it",
    graph: sketch(
      { ...start, L: { type: "loop", parameters: { times: 2 } }, P: { type: "post", at: [3, 100] }, Q: { type: "post", at: [3, 0] } },
      ["Start -> L", "L.again -> P", "P -> L", "L.done -> Q"],
    ),
  },
  {
    name: "a sleep between writes",
    graph: sketch(
      { ...start, P: { type: "post" }, Z: { type: "sleep", parameters: soon(80) }, Q: { type: "post" } },
      row(["Start", "P", "Z", "Q"]),
    ),
  },
  {
    name: "a sleep first",
    graph: sketch({ ...start, Z: { type: "sleep", parameters: soon(60) }, Q: { type: "post" } }, row(["Start", "Z", "Q"])),
  },
  {
    name: "a sleep beside a write",
    graph: sketch({ ...start, Z: { type: "sleep", at: [1, 0], parameters: soon(80) }, P: { type: "post", at: [1, 100] } }, [
      "Start -> Z",
      "Start -> P",
    ]),
  },
  {
    name: "two sleeps in a row",
    graph: sketch(
      { ...start, Y: { type: "sleep", parameters: soon(50) }, Z: { type: "sleep", parameters: soon(50) }, P: { type: "post" } },
      row(["Start", "Y", "Z", "P"]),
    ),
  },
  {
    name: "a question before a write",
    graph: sketch({ ...start, W: { type: "ask" }, P: { type: "post" } }, row(["Start", "W", "P"])),
    answers: ["W#0"],
  },
  {
    name: "a question between writes",
    graph: sketch({ ...start, P: { type: "post" }, W: { type: "ask" }, Q: { type: "post" } }, row(["Start", "P", "W", "Q"])),
    answers: ["W#0"],
  },
  {
    name: "two questions at once",
    graph: sketch({ ...start, V: { type: "ask", at: [1, 0] }, W: { type: "ask", at: [1, 100] }, P: { type: "post", at: [2, 0] } }, [
      "Start -> V",
      "Start -> W",
      "V -> P",
    ]),
    answers: ["V#0", "W#0"],
  },
  {
    name: "a question beside a write",
    graph: sketch({ ...start, W: { type: "ask", at: [1, 0] }, P: { type: "post", at: [1, 100] }, Q: { type: "post", at: [2, 100] } }, [
      "Start -> W",
      "Start -> P",
      "P -> Q",
    ]),
    answers: ["W#0"],
  },
  { name: "a fault", graph: sketch({ ...start, F: { type: "fail" } }, ["Start -> F"]), ends: "failed" },
  {
    name: "a fault after a write",
    graph: sketch({ ...start, P: { type: "post" }, F: { type: "fail" } }, row(["Start", "P", "F"])),
    ends: "failed",
  },
  {
    name: "a fault beside a write",
    graph: sketch({ ...start, P: { type: "post", at: [1, 0] }, Q: { type: "post", at: [2, 0] }, F: { type: "fail", at: [1, 100] } }, [
      "Start -> P",
      "P -> Q",
      "Start -> F",
    ]),
    ends: "failed",
  },
  {
    name: "a step that succeeds at its third attempt",
    graph: sketch(
      { ...start, F: { type: "fail", parameters: { until: 3 }, settings: again }, P: { type: "post" } },
      row(["Start", "F", "P"]),
    ),
  },
  {
    name: "a step whose attempts run out",
    graph: sketch({ ...start, P: { type: "post" }, F: { type: "fail", settings: again } }, row(["Start", "P", "F"])),
    ends: "failed",
  },
  {
    name: "a fault that goes on as an item",
    graph: sketch({ ...start, F: { type: "fail", settings: { onError: "continue" } }, P: { type: "post" } }, row(["Start", "F", "P"])),
  },
  {
    name: "a fault that leaves by the error output",
    graph: sketch({ ...start, F: { type: "fail", settings: { onError: "errorOutput" } }, P: { type: "post" }, Q: { type: "post" } }, [
      "Start -> F",
      "F -> P",
      "F.error -> Q",
    ]),
  },
  {
    name: "a disabled write",
    graph: sketch({ ...start, P: { type: "post", disabled: true }, Q: { type: "post" } }, row(["Start", "P", "Q"])),
  },
  {
    name: "a write that gives nothing on, and one that is fed all the same",
    graph: sketch({ ...start, D: { type: "drop", settings: { alwaysOutputData: true } }, P: { type: "post" } }, row(["Start", "D", "P"])),
  },
  {
    name: "a write that runs once for many items",
    graph: sketch({ ...start, P: { type: "post", settings: { executeOnce: true } } }, ["Start -> P"]),
    items: two,
  },
  {
    name: "outputs that are too large for their rows, and a write",
    graph: sketch({ ...start, A: { parameters: long }, B: { parameters: long }, P: { type: "post" } }, row(["Start", "A", "B", "P"])),
  },
  {
    name: "a write of a flow that runs one at a time, for each value of a key",
    graph: says(write, { concurrency: { limit: 1, key: "={{ $json.n }}", overlap: "queue" } }),
  },
  {
    name: "a question of a flow that runs one at a time",
    graph: says(sketch({ ...start, W: { type: "ask" }, P: { type: "post" } }, row(["Start", "W", "P"])), {
      concurrency: { limit: 1, overlap: "skip" },
    }),
    answers: ["W#0"],
  },
  { name: "a write that is urgent and has a time limit", graph: says(write, { priority: 5, timeoutMs: 600_000 }) },
  { name: "a write that is put off for a moment", graph: says(write, { debounce: { ms: 60 } }) },
  { name: "a write of a flow that starts so often in a period", graph: says(write, { throttle: { limit: 1, periodMs: 60 } }) },
];
