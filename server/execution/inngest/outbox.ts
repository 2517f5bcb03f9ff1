import type { EngineEvent, SendEvents } from "./events";
import type { Log } from "./runtime";

/** Inngest takes more, but a lost batch is sent again whole. */
const BATCH = 100;

/**
 * Sends events in the background, those of one moment together. What could not be sent is told to the log only: everything
 * sent here is recorded first, and the sweeper sends it again.
 */
export class Outbox {
  private queued: EngineEvent[] = [];
  private readonly sending = new Set<Promise<void>>();

  constructor(
    private readonly send: SendEvents,
    private readonly logger: Log,
  ) {}

  add(...events: EngineEvent[]): void {
    if (this.queued.length === 0) setImmediate(() => this.flush());
    this.queued.push(...events);
  }

  /** Resolves once nothing is on its way. */
  async settled(): Promise<void> {
    this.flush();
    await Promise.all(this.sending);
  }

  private flush(): void {
    const events = this.queued;
    this.queued = [];
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      const sent = this.send(batch)
        .catch((error: unknown) => {
          this.logger.warn(
            { err: error, events: batch.length, first: batch[0]?.name },
            "Inngest did not take events; they will be sent again",
          );
        })
        .finally(() => this.sending.delete(sent));
      this.sending.add(sent);
    }
  }
}
