import Ably from "ably";
import type { Logger } from "pino";
import type { LiveEvent } from "@/flow/execution/events";
import { channelName } from "./ably-token";
import type { LiveBus, LiveExecution } from "./bus";

export interface AblySettings {
  /** `appId.keyId:secret` */
  apiKey: string;
  /** Another host than Ably's own, for tests and private clusters. */
  endpoint?: string | undefined;
  port?: number | undefined;
  tls: boolean;
}

/** One publish carries what came within this time. Ably takes 50 messages a second and channel. */
const COALESCE_MS = 100;
/** Characters of one message's events; Ably refuses messages over 64 KiB. */
const MOST_CHARS = 48 * 1024;
/** Executions with events waiting; beyond it, new ones are left to the browser's polling. */
const MOST_WAITING = 1000;

interface Waiting {
  execution: LiveExecution;
  events: LiveEvent[];
}

export const clientOptions = ({ endpoint, port, tls }: Omit<AblySettings, "apiKey">): Ably.ClientOptions => ({
  tls,
  ...(endpoint !== undefined && { endpoint }),
  ...(port !== undefined && (tls ? { tlsPort: port } : { port })),
});

/** Cuts events into messages that Ably takes, in order. */
export function batches(events: readonly LiveEvent[], mostChars = MOST_CHARS): LiveEvent[][] {
  const made: LiveEvent[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const length = JSON.stringify(event).length;
    if (size + length > mostChars) {
      made.push([]);
      size = 0;
    }
    made[made.length - 1]!.push(event);
    size += length;
  }
  return made;
}

/**
 * Sends live events to browsers through Ably. Executions started from the editor are always sent, others once somebody
 * watches them here: a busy webhook costs no messages that nobody reads. Messages are hints; what is lost is fetched.
 */
export class AblyPublisher {
  private readonly rest: Ably.Rest;
  private readonly waiting = new Map<string, Waiting>();
  private readonly watched = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;
  private readonly leave: () => void;

  constructor(
    settings: AblySettings,
    bus: LiveBus,
    private readonly logger: Pick<Logger, "warn">,
  ) {
    this.rest = new Ably.Rest({
      key: settings.apiKey,
      ...clientOptions(settings),
      useBinaryProtocol: false,
      idempotentRestPublishing: false,
    });
    this.leave = bus.subscribeAll((execution, events) => this.queue(execution, events));
  }

  /** From now on, for an hour, the execution's events are sent. */
  watch(executionId: string): void {
    const now = Date.now();
    for (const [id, until] of this.watched) if (until < now) this.watched.delete(id);
    this.watched.set(executionId, now + 3_600_000);
  }

  /** Sends what waits and stops listening. */
  async stop(): Promise<void> {
    this.leave();
    if (this.timer) clearTimeout(this.timer);
    await this.flush();
  }

  private queue(execution: LiveExecution, events: readonly LiveEvent[]): void {
    if (execution.mode !== "manual" && !this.watched.has(execution.executionId)) return;
    const waiting = this.waiting.get(execution.executionId);
    if (waiting) waiting.events.push(...events);
    else if (this.waiting.size < MOST_WAITING) this.waiting.set(execution.executionId, { execution, events: [...events] });
    this.timer ??= setTimeout(() => void this.flush(), COALESCE_MS).unref();
  }

  private async flush(): Promise<void> {
    this.timer = null;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    await Promise.all(all.map((each) => this.send(each)));
  }

  private async send({ execution, events }: Waiting): Promise<void> {
    const channel = this.rest.channels.get(channelName(execution.organizationId, execution.executionId));
    try {
      for (const batch of batches(events)) await channel.publish({ name: "events", data: JSON.stringify(batch) });
    } catch (cause) {
      this.logger.warn({ err: cause, executionId: execution.executionId }, "live events could not be published");
    } finally {
      this.rest.channels.release(channel.name);
    }
  }
}
