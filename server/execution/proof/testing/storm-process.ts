import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { StormAnswer, StormRequest } from "./storm-worker-protocol";

/** One process of the storm, started again whenever it was killed. */
export class StormProcess {
  private child: ChildProcess | null = null;
  private readonly asked = new Map<number, (answer: StormAnswer | null) => void>();
  private starting: Promise<void> | null = null;

  constructor(private readonly urls: [string, string]) {}

  start(): Promise<void> {
    this.starting ??= this.launch();
    return this.starting;
  }

  private async launch(): Promise<void> {
    const child = fork(path.join(import.meta.dirname, "storm-worker.ts"), this.urls, {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.child = child;
    child.once("exit", () => {
      if (this.child === child) this.child = null;
      for (const [id, answer] of this.asked) {
        this.asked.delete(id);
        answer(null);
      }
    });
    child.on("message", (answer: StormAnswer) => {
      if (!("id" in answer)) return;
      this.asked.get(answer.id)?.(answer);
      this.asked.delete(answer.id);
    });
    // One that is killed while it starts is started again like any other.
    await Promise.race([once(child, "message"), once(child, "exit")]);
  }

  /** Null when the process went before it answered. */
  ask(request: StormRequest): Promise<StormAnswer | null> {
    const { child } = this;
    if (!child?.connected) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.asked.set(request.id, resolve);
      child.send(request, (error) => {
        if (error && this.asked.delete(request.id)) resolve(null);
      });
    });
  }

  /** Stops it for a while, without telling it: a machine that was paused. */
  freeze(ms: number): boolean {
    const { child } = this;
    if (!child?.kill("SIGSTOP")) return false;
    setTimeout(() => child.kill("SIGCONT"), ms);
    return true;
  }

  async kill(): Promise<boolean> {
    const { child } = this;
    this.starting = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return false;
    child.kill("SIGKILL");
    await once(child, "exit");
    return true;
  }
}
