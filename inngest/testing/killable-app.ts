import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { NewExecution } from "@/server/execution/engine";
import type { FromApp } from "./app-process";

export interface KillableApp {
  /** Resolves with the executions that the app has acknowledged, those that it was killed before are left out. */
  start(executions: NewExecution[]): Promise<string[]>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** Starts the test app in a process of its own. */
export async function startKillableApp(env: {
  DATABASE_URL: string;
  INNGEST_DEV: string;
  EFFECTS_URL: string;
  PORT: string;
}): Promise<KillableApp> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, "app-process.ts"), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_ENV: "test", ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const acknowledged: string[] = [];
  let heard: () => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the app ended with ${code}`)));
    child.on("message", (message: FromApp) => {
      if ("ready" in message) resolve();
      else acknowledged.push(message.started);
      heard();
    });
  });
  await ready;
  return {
    async start(executions) {
      const wanted = new Set(executions.map(({ id }) => id));
      const mine = () => acknowledged.filter((id) => wanted.has(id));
      for (const execution of executions) child.send(execution, () => {});
      let over = false;
      void exited.then(() => {
        over = true;
        heard();
      });
      while (!over && mine().length < wanted.size) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      return mine();
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
