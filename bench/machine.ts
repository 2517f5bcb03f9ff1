import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";

/** Where and under what load figures were taken: without it they say nothing. */
export const machine = (): string =>
  `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? "unknown CPU"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${os
    .loadavg()
    .map((value) => value.toFixed(2))
    .join(" ")}`;

const TICKS_PER_SECOND = 100;

function stat(pid: number): { parent: number; seconds: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}

/** Seconds of CPU that processes and all below them have used so far; 0 where the system has no /proc. */
export function cpuSeconds(roots: readonly number[]): number {
  let pids: number[];
  try {
    pids = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return 0;
  }
  const stats = new Map(pids.flatMap((pid) => [[pid, stat(pid)] as const]));
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = stats.get(at)?.parent ?? 0) if (roots.includes(at)) return true;
    return false;
  };
  let total = 0;
  for (const [pid, each] of stats) if (each && isBelow(pid)) total += each.seconds;
  return total;
}

/** Resident megabytes of a process; 0 where the system has no /proc. */
export function residentMegabytes(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
