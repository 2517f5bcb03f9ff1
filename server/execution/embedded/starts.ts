import type { NewExecution, StartedExecution } from "../engine";
import { newPayloadId } from "../ids";
import type { ExecutionPolicy } from "../policies";
import { ActiveRun } from "./active-run";
import type { Entry, PayloadRow, StartRow } from "./rows";
import type { RunEnvironment } from "./run-environment";
import { tellStarter } from "./starter";

/** After a start was refused for want of room, the next ones of its organization or gate queue for so long without trying. */
const CONGESTED_MS = 100;

export interface StartHooks {
  /** Executions may begin in this process at all. */
  mayBegin(): boolean;
  /** One was recorded for whoever has room. */
  queued(): void;
  /** Records one of a flow with policies that is put off, or that there is no room for here. */
  admit(execution: NewExecution, policy: ExecutionPolicy): Promise<StartedExecution>;
  /** One was recorded before this gate. */
  queuedBefore(gate: string): void;
}

/** How executions begin: in this process at once while there is room, before their start is durable; or queued. */
export class Starts {
  /** By organization or gate. */
  private readonly congestedUntil = new Map<string, number>();

  constructor(
    private readonly environment: RunEnvironment,
    private readonly active: Map<string, ActiveRun>,
    private readonly hooks: StartHooks,
  ) {}

  /** Resolves once arrival and execution are durable. */
  async begin(execution: NewExecution, policy: ExecutionPolicy | null): Promise<StartedExecution> {
    const gate = policy?.concurrency?.key;
    const isPutOff = policy !== null && (policy.debounce !== null || policy.throttle !== null);
    // One whose id was given before may be on its way already: an earlier attempt of the step that starts it.
    const isHere = this.active.has(execution.id);
    const eager = !isPutOff && !isHere && this.hasRoom(execution.organizationId) && (gate === undefined || !this.isCongested(gate));
    if (policy && !eager) return this.hooks.admit(execution, policy);
    const { row, payload } = this.startRow(execution, policy, eager);
    if (row.eager) return this.startEagerly(row, payload);
    const started = await this.recordQueued(row, payload);
    if (!started.duplicate) this.hooks.queued();
    return started;
  }

  private startRow(execution: NewExecution, policy: ExecutionPolicy | null, eager: boolean): { row: StartRow; payload: PayloadRow | null } {
    const text = JSON.stringify(execution.items);
    const { inlineBytes } = this.environment.settings;
    const inline = text.length <= inlineBytes / 3 || Buffer.byteLength(text) <= inlineBytes;
    const payload = inline ? null : { id: newPayloadId(), ofStep: false, bytes: Buffer.from(text, "utf8") };
    const row: StartRow = {
      execution,
      draftGraph: execution.flowVersion === null ? JSON.stringify(execution.graph) : null,
      input: inline ? text : null,
      inputPayloadId: payload?.id ?? null,
      variables: JSON.stringify(execution.variables),
      policy,
      eager,
      at: eager ? new Date() : null,
    };
    return { row, payload };
  }

  private hasRoom(organizationId: string): boolean {
    return this.hooks.mayBegin() && this.active.size < this.environment.settings.capacity && !this.isCongested(organizationId);
  }

  private isCongested(what: string): boolean {
    const until = this.congestedUntil.get(what);
    if (until === undefined) return false;
    if (until > Date.now()) return true;
    this.congestedUntil.delete(what);
    return false;
  }

  private async startEagerly(row: StartRow, payload: PayloadRow | null): Promise<StartedExecution> {
    const { execution, policy } = row;
    const at = row.at!.getTime();
    const gate = policy?.concurrency?.key ?? null;
    const deadline = typeof policy?.timeoutMs === "number" ? at + policy.timeoutMs : null;
    const run = new ActiveRun(
      {
        id: execution.id,
        organizationId: execution.organizationId,
        flowId: execution.flowId,
        flowVersion: execution.flowVersion,
        draftGraph: row.draftGraph,
        mode: execution.mode,
        triggerNodeId: execution.triggerNodeId,
        items: execution.items,
        variables: execution.variables,
      },
      { claimNo: 1, wakeSeq: 0, cancelRequested: false, fresh: true, inputPayloadId: null, at: null, gate, deadline },
      { ...execution, queuedAt: at, startedAt: at },
      this.environment,
    );
    this.active.set(execution.id, run);
    const started = await run.begin(row, payload, this.environment.settings.run);
    if (!started.duplicate && !run.admitted) {
      this.congestedUntil.set(gate ?? execution.organizationId, Date.now() + CONGESTED_MS);
      if (gate === null) this.hooks.queued();
      else this.hooks.queuedBefore(gate);
    }
    return started;
  }

  private recordQueued(row: StartRow, payload: PayloadRow | null): Promise<StartedExecution> {
    const { id: executionId, organizationId } = row.execution;
    return new Promise((resolve, reject) => {
      const entry = this.environment.journal.entry({
        executionId,
        organizationId,
        settled: (_entry: Entry, result) => tellStarter(executionId, result, resolve, reject),
      });
      entry.start = row;
      if (payload) entry.payloads.push(payload);
      this.environment.journal.hurry();
    });
  }
}
