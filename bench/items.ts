import { spawnSync } from "node:child_process";
import { machine, median } from "./machine";

const RUNS = 3;

export interface ItemFigures {
  /** Seconds from the trigger to the last node. */
  seconds: number;
  /** Of CPU, meanwhile. */
  cpuSeconds: number;
  /** Of the whole process. */
  peakMegabytes: number;
  /** Microseconds of each expression, once it is compiled. */
  expressions: Record<string, number>;
  /** Milliseconds of a node of 1,000 items with 5 parameters each. */
  nodeMs: number;
  nodeCpuMs: number;
}

/** How many items go through nodes, in a process of their own each time, so that the memory is theirs. */
export function benchItems(): void {
  const runs = Array.from({ length: RUNS }, (): ItemFigures => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "bench/items-run.ts"], { encoding: "utf8" });
    if (status !== 0) throw new Error(`The run failed: ${stderr}`);
    return JSON.parse(stdout) as ItemFigures;
  });
  const of = (read: (run: ItemFigures) => number): number => median(runs.map(read));
  const lines = [
    `100,000 items, Filter → Edit Fields → Aggregate: ${of((run) => run.seconds).toFixed(2)} s (below 3; CPU ${of((run) => run.cpuSeconds).toFixed(2)} s), peak ${of((run) => run.peakMegabytes)} MB (below 600)`,
    `1,000 items × 5 parameters: ${of((run) => run.nodeMs).toFixed(1)} ms (below 25; CPU ${of((run) => run.nodeCpuMs).toFixed(1)} ms)`,
    ...Object.keys(runs[0]?.expressions ?? {}).map(
      (text) =>
        `${of((run) => run.expressions[text] ?? 0)
          .toFixed(2)
          .padStart(7)} µs (below 5)  {{ ${text} }}`,
    ),
    machine(),
  ];
  process.stdout.write(`${lines.join("\n")}\n\n`);
}
