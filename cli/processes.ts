import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Whether there is such a process; not so for one that has ended and whose parent has not asked how. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !/^\d+ \(.*\) [ZX] /s.test(readProcess(pid, "stat") ?? "");
}

/** Whether a living process' command line, words separated by spaces, matches; true where the system does not tell. */
export function isRunning(pid: number, pattern: RegExp): boolean {
  if (existsSync("/proc/self/cmdline")) return pattern.test(readProcess(pid, "cmdline")?.replaceAll("\0", " ") ?? "");
  if (process.platform === "win32") return true;
  try {
    return pattern.test(execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }));
  } catch {
    return false;
  }
}

function readProcess(pid: number, file: "stat" | "cmdline"): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null;
  }
}
