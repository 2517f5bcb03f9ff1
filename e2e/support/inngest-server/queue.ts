import { randomBytes } from "node:crypto";
import type { Run } from "./run";

/** One call of the app to make: to discover what comes next, or to run one planned step. */
export interface QueueItem {
  run: Run;
  /** `step` for a discovery, else the hashed id of the step to run. */
  stepId: string;
  /** Its result leads to a discovery at once, without waiting for its siblings. */
  race: boolean;
  /** 0-based. */
  attempt: number;
  /** Counts dispatches: a late answer of an earlier one is stale. */
  generation: number;
  jobId: string;
  queueItemId: string;
  inFlight: boolean;
  /** Since when nothing has listened at the app's address. */
  unreachableSince?: number;
}

/** Calls that are due, held back by concurrency limits. A limit counts calls in flight, not open runs, as a real server does. */
export class CallQueue {
  private readonly items = new Map<string, QueueItem>();
  private readonly due: QueueItem[] = [];
  private readonly used = new Map<string, number>();

  constructor(
    private readonly tickMs: number,
    private readonly call: (item: QueueItem) => Promise<void>,
  ) {}

  add(run: Run, stepId: string, race: boolean): void {
    const jobId = randomBytes(7).toString("hex");
    const queueItemId = Buffer.from(`${jobId}::default`).toString("base64");
    const item: QueueItem = { run, stepId, race, attempt: 0, generation: 1, jobId, queueItemId, inFlight: false };
    this.items.set(queueItemId, item);
    this.schedule(item, 0);
  }

  /** Dispatches an item again; its earlier dispatch turns stale. */
  again(item: QueueItem, delayMs: number): void {
    item.generation++;
    this.schedule(item, delayMs);
  }

  /** The item that a call in flight belongs to, or undefined when that dispatch is over or was replaced. */
  inFlight(queueItemId: string, run: Run, generation: number): QueueItem | undefined {
    const item = this.items.get(queueItemId);
    return item?.run === run && item.inFlight && item.generation === generation ? item : undefined;
  }

  forget(run: Run): void {
    for (const [id, item] of this.items) if (item.run === run) this.items.delete(id);
  }

  private schedule(item: QueueItem, delayMs: number): void {
    // Jitter lets parallel steps start and finish in varying order, as on a real server.
    item.run.after(delayMs + this.tickMs * (0.75 + Math.random() / 2), () => {
      this.due.push(item);
      this.due.sort((a, b) => a.run.order - b.run.order);
      this.pump();
    });
  }

  private pump(): void {
    for (const item of [...this.due]) {
      const slots = item.run.served.limits.map(({ limit, scope, key }) => ({
        limit,
        slot: `${scope === "fn" ? item.run.served.id : scope}|${key({ event: item.run.event })}`,
      }));
      if (item.run.running && slots.some(({ limit, slot }) => (this.used.get(slot) ?? 0) >= limit)) continue;
      this.due.splice(this.due.indexOf(item), 1);
      if (!item.run.running) continue;
      const occupy = (by: number) => {
        for (const { slot } of slots) this.used.set(slot, (this.used.get(slot) ?? 0) + by);
      };
      occupy(1);
      void this.call(item).finally(() => {
        occupy(-1);
        this.pump();
      });
    }
  }
}
