import { ServiceError } from "@/server/services/errors";
import type { NewExecution, StartedExecution } from "../engine";
import { newPayloadId } from "../ids";
import { ActiveRun } from "./active-run";
import type { Entry, PayloadRow, StartRow } from "./rows";
import type { RunEnvironment } from "./run-environment";

/** After a start was refused for want of room, its organization's next ones queue for so long without trying. */
const CONGESTED_MS = 100;

export interface StartHooks {
  /** Executions may begin in this process at all. */
  mayBegin(): boolean;
  /** One was recorded for whoever has room. */
  queued(): void;
}

/** How executions begin: in this process at once while there is room, before their start is durable; or queued. */
export class Starts {
  private readonly congestedUntil = new Map<string, number>();

  constructor(
    private readonly environment: RunEnvironment,
    private readonly active: Map<string, ActiveRun>,
    private readonly hooks: StartHooks,
  ) {}

  /** Resolves once arrival and execution are durable. */
  async begin(execution: NewExecution): Promise<StartedExecution> {
    const { row, payload } = this.startRow(execution, this.hasRoom(execution.organizationId));
    if (row.eager) return this.startEagerly(row, payload);
    const started = await this.recordQueued(row, payload);
    if (!started.duplicate) this.hooks.queued();
    return started;
  }

  private startRow(execution: NewExecution, eager: boolean): { row: StartRow; payload: PayloadRow | null } {
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
      eager,
      at: eager ? new Date() : null,
    };
    return { row, payload };
  }

  private hasRoom(organizationId: string): boolean {
    if (!this.hooks.mayBegin() || this.active.size >= this.environment.settings.capacity) return false;
    const until = this.congestedUntil.get(organizationId);
    if (until === undefined) return true;
    if (until > Date.now()) return false;
    this.congestedUntil.delete(organizationId);
    return true;
  }

  private async startEagerly(row: StartRow, payload: PayloadRow | null): Promise<StartedExecution> {
    const { execution } = row;
    const at = row.at!.getTime();
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
      { claimNo: 1, wakeSeq: 0, cancelRequested: false, fresh: true, inputPayloadId: null, at: null, gate: null, deadline: null },
      { ...execution, queuedAt: at, startedAt: at },
      this.environment,
    );
    this.active.set(execution.id, run);
    const started = await run.begin(row, payload, this.environment.settings.run);
    if (!started.duplicate && !run.admitted) {
      this.congestedUntil.set(execution.organizationId, Date.now() + CONGESTED_MS);
      this.hooks.queued();
    }
    return started;
  }

  private recordQueued(row: StartRow, payload: PayloadRow | null): Promise<StartedExecution> {
    const { id: executionId, organizationId } = row.execution;
    return new Promise((resolve, reject) => {
      const entry = this.environment.journal.entry({
        executionId,
        organizationId,
        settled: (_entry: Entry, result) => {
          if (result.kind === "refused") reject(result.error);
          else if (result.kind === "lost") reject(new ServiceError("unavailable", "The engine stopped before the execution was recorded"));
          else if (result.start?.kind === "duplicate") resolve({ executionId: result.start.of, duplicate: true });
          else resolve({ executionId, duplicate: false });
        },
      });
      entry.start = row;
      if (payload) entry.payloads.push(payload);
      this.environment.journal.hurry();
    });
  }
}
