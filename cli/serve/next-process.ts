import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { projectRoot } from "../paths";

const next = () => path.join(path.dirname(createRequire(import.meta.url).resolve("next/package.json")), "dist/bin/next");

/** `next build`; its output is kept to itself unless it fails. */
export function runBuild(environment: NodeJS.ProcessEnv): { child: ChildProcess; done: Promise<void> } {
  const child = spawn(process.execPath, [next(), "build"], {
    cwd: projectRoot,
    env: { ...environment, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const done = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) return resolve();
      process.stderr.write(output);
      reject(new Error("The build failed: see above."));
    });
  });
  return { child, done };
}

/** The web server. It ends when this process does; see `server-process.mjs`. */
export function startServer(mode: "start" | "dev", address: { host: string; port: number }, environment: NodeJS.ProcessEnv): ChildProcess {
  const preload = new URL("./server-process.mjs", import.meta.url).href;
  return spawn(process.execPath, ["--import", preload, next(), mode, "-p", String(address.port), "-H", address.host], {
    cwd: projectRoot,
    env: { ...environment, NODE_ENV: mode === "dev" ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "inherit", "inherit"],
    // Its own process group: Ctrl-C in a terminal reaches the command only, which then stops everything in order.
    detached: process.platform !== "win32",
  });
}

/** Asks a process to end, and ends its whole group when it does not within `graceMs`. */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => killGroup(child), graceMs);
  await exited;
  clearTimeout(timer);
}

function killGroup(child: ChildProcess): void {
  if (process.platform === "win32" || child.pid === undefined) {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}
