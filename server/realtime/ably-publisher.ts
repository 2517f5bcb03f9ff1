import Ably from "ably";
import type { Logger } from "pino";
import type { LiveEvent } from "@/flow/execution/events";
import { channelName } from "./ably-token";
import type { LiveBus, LiveExecution } from "./bus";
import { toMessages } from "./live-messages";

export interface AblySettings {
  /** `appId.keyId:secret` */
  apiKey: string;
  /** Another host than Ably's own, for tests and private clusters, or the name of a routing policy. */
  endpoint?: string | undefined;
  port?: number | undefined;
  tls: boolean;
}

/** One publish carries what came within this time. Ably takes 50 messages a second and channel. */
const COALESCE_MS = 100;
/** Publishes under way; one execution has one at most, so that its messages stay in order. */
const MOST_AT_ONCE = 16;
/** Events held for all executions; beyond it new ones are left to the browser's polling. */
const MOST_HELD = 20_000;
const STOP_MS = 2_000;

/** The client that talks to Ably for the server. It says nothing by itself: what fails reaches our log. */
export const createRest = ({ apiKey, endpoint, port, tls }: AblySettings): Ably.Rest =>
  new Ably.Rest({
    key: apiKey,
    tls,
    ...(endpoint !== undefined && { endpoint }),
    ...(port !== undefined && (tls ? { tlsPort: port } : { port })),
    useBinaryProtocol: false,
    httpRequestTimeout: 5_000,
    httpMaxRetryDuration: 8_000,
    logLevel: 0,
  });

/**
 * Sends live events to browsers through Ably. Executions started from the editor are always sent, others once somebody
 * watches them here: a busy webhook costs no messages that nobody reads. Messages are hints; what is lost is fetched.
 */
export class AblyPublisher {
  private readonly waiting = new Map<string, { execution: LiveExecution; events: LiveEvent[] }>();
  private readonly sending = new Map<string, Promise<void>>();
  /** Until when (milliseconds) executions are sent, and until when they are not. */
  private readonly watched = new Map<string, number>();
  private readonly muted = new Map<string, number>();
  private held = 0;
  private failing = false;
  private timer: NodeJS.Timeout | null = null;
  private readonly leave: () => void;

  constructor(
    private readonly rest: Ably.Rest,
    bus: Pick<LiveBus, "subscribeAll">,
    private readonly logger: Pick<Logger, "info" | "warn">,
  ) {
    this.leave = bus.subscribeAll((execution, events) => this.queue(execution, events));
  }

  /** From now on, for an hour, the execution's events are sent. */
  watch(executionId: string): void {
    keepUntil(this.watched, executionId, Date.now() + 3_600_000);
  }

  /** Sends nothing of the execution before `until` (milliseconds): somebody can hear it who must not. */
  mute(executionId: string, until: number): void {
    keepUntil(this.muted, executionId, Math.max(until, this.muted.get(executionId) ?? 0));
    this.take(executionId);
  }

  /** Sends what waits, for two seconds at most, and stops listening. */
  async stop(): Promise<void> {
    this.leave();
    let late: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      late = setTimeout(resolve, STOP_MS);
    });
    await Promise.race([this.drain(), deadline]);
    clearTimeout(late);
    if (this.timer) clearTimeout(this.timer);
  }

  private async drain(): Promise<void> {
    while (this.waiting.size > 0 || this.sending.size > 0) {
      this.flush();
      await Promise.race(this.sending.values());
    }
  }

  private queue(execution: LiveExecution, events: readonly LiveEvent[]): void {
    const { executionId: id, mode } = execution;
    if ((mode !== "manual" && !this.watched.has(id)) || this.held >= MOST_HELD) return;
    if ((this.muted.get(id) ?? 0) > Date.now()) return;
    const waiting = this.waiting.get(id);
    if (waiting) waiting.events.push(...events);
    else this.waiting.set(id, { execution, events: [...events] });
    this.held += events.length;
    this.schedule();
  }

  private schedule(): void {
    if (this.waiting.size > 0) this.timer ??= setTimeout(() => this.flush(), COALESCE_MS).unref();
  }

  private take(executionId: string) {
    const taken = this.waiting.get(executionId);
    this.waiting.delete(executionId);
    this.held -= taken?.events.length ?? 0;
    return taken;
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const id of [...this.waiting.keys()]) {
      if (this.sending.size >= MOST_AT_ONCE) return;
      if (this.sending.has(id)) continue;
      const taken = this.take(id);
      if (!taken) continue;
      const sent = this.send(taken.execution, taken.events).finally(() => {
        this.sending.delete(id);
        this.schedule();
      });
      this.sending.set(id, sent);
    }
  }

  private async send({ organizationId, executionId }: LiveExecution, events: LiveEvent[]): Promise<void> {
    const channel = this.rest.channels.get(channelName(organizationId, executionId));
    try {
      for (const data of toMessages(events)) await channel.publish({ name: "events", data });
      if (this.failing) this.logger.info("live events reach Ably again");
      this.failing = false;
    } catch (cause) {
      // Once for each outage: a busy installation would fill its log.
      if (!this.failing) this.logger.warn({ err: cause, executionId }, "live events do not reach Ably; browsers poll meanwhile");
      this.failing = true;
    } finally {
      this.rest.channels.release(channel.name);
    }
  }
}

/** Sets an entry, and drops those that are over. */
function keepUntil(entries: Map<string, number>, key: string, until: number): void {
  const now = Date.now();
  for (const [other, end] of entries) if (end < now) entries.delete(other);
  entries.set(key, until);
}
