import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import type { ExecutionEngine } from "../engine";
import type { ActiveRun } from "./active-run";
import type { Notifier } from "./notifier";
import type { Outcomes } from "./outcomes";
import type { RunEnvironment } from "./run-environment";

export interface ControlHooks {
  /** There may be work. */
  kick(): void;
  queued(): void;
  /** Other processes are alive. */
  hasOthers(): boolean;
  /** Something may pass this gate; null: any. */
  roomMade(gate: string | null): void;
}

/** What others ask of executions: the database decides, and whoever runs the execution is told. */
export class Control {
  constructor(
    private readonly environment: RunEnvironment,
    private readonly active: ReadonlyMap<string, ActiveRun>,
    private readonly outcomes: Outcomes,
    private readonly notifier: Notifier,
    private readonly hooks: ControlHooks,
  ) {}

  /** @param reason told to people where none of them asked for it */
  async cancel(executionId: string, reason: string | null): Promise<boolean> {
    const { before, after } = await this.environment.store.cancel(executionId, reason);
    if (before === null || isTerminal(before as ExecutionStatus)) return false;
    if (after !== "running") {
      await this.tellEnded(executionId);
      this.hooks.roomMade(null);
      return true;
    }
    const here = this.active.get(executionId);
    if (here) here.leave("cancelled");
    else this.notifier.send(`c:${executionId}`);
    // Who asked sees it ended, as a rule; a process that does not answer finds the request in the row.
    await this.outcomes.wait(executionId, "end", AbortSignal.timeout(1000)).catch(() => {});
    return true;
  }

  /** Tells of an end that no run of this process came to. */
  async tellEnded(executionId: string): Promise<void> {
    this.environment.settings.ended("surely");
    this.outcomes.lookAgain(executionId);
    await this.tellHead(executionId);
  }

  private async tellHead(executionId: string): Promise<void> {
    const found = await this.environment.store.head(executionId);
    if (found) this.environment.live.durable(found.head, [], found.state);
  }

  async pause(executionId: string): Promise<boolean> {
    const { before, after } = await this.environment.store.pause(executionId);
    if (before === null || isTerminal(before as ExecutionStatus)) return false;
    if (after === "running") {
      const here = this.active.get(executionId);
      if (here) here.release();
      else this.notifier.send(`p:${executionId}`);
    } else if (before !== after) await this.tellHead(executionId);
    return true;
  }

  async resume(executionId: string): Promise<boolean> {
    const resumed = await this.environment.store.resume(executionId);
    if (!resumed) return false;
    await this.tellHead(executionId);
    if (resumed.gate !== null) this.hooks.roomMade(resumed.gate);
    this.hooks.queued();
    return true;
  }

  async signal(given: Parameters<ExecutionEngine["signal"]>[0]): Promise<boolean> {
    const { executionId } = given;
    if (!(await this.environment.store.deliver(given))) return false;
    const here = this.active.get(executionId);
    if (here) here.signalled();
    this.hooks.kick();
    if (this.hooks.hasOthers()) this.notifier.send(`s:${executionId}`);
    return true;
  }

  /** A message of another process. */
  notified(message: string): void {
    if (message.startsWith("c:")) this.active.get(message.slice(2))?.leave("cancelled");
    else if (message.startsWith("p:")) this.active.get(message.slice(2))?.release();
    else {
      if (message.startsWith("s:")) this.active.get(message.slice(2))?.signalled();
      this.hooks.kick();
    }
  }
}
