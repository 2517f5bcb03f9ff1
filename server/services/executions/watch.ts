import { z } from "zod";
import type { LiveEvent } from "@/flow/execution/events";
import { isTerminal } from "@/flow/execution/status";
import { liveBus } from "@/server/realtime/bus";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { findHead, recordsAfter } from "./read";

export const watchExecutionSchema = z.object({
  id: idSchema,
  /** Last journal position that the listener has; the snapshot's, or the id of the last event. Everything from the start without it. */
  lastEventId: z.coerce.number().int().nonnegative().nullish(),
});

/** A live event with the journal position that the listener has reached once it has it. */
export interface WatchedEvent {
  position: number;
  event: LiveEvent;
}

export interface Watch {
  ctx: ServiceContext;
  input: z.input<typeof watchExecutionSchema>;
  /** Ends the watch when the listener leaves. */
  signal: AbortSignal;
  /** Asked every few seconds: whether the listener still may see this. */
  mayStay: () => Promise<boolean>;
  /** Milliseconds between looks at right and rows; the bus is heard at once. */
  intervalMs?: number;
}

/** Events beyond this that the listener has not taken are dropped; the rows make up for them. */
const MAX_BEHIND = 5_000;

/**
 * Follows an execution until it ends. The bus is a hint and may miss things (another process runs the execution); what is
 * yielded in order of `seq` comes from it where it is complete, and from the journal where it is not.
 */
export async function* watchExecution({ ctx, input, signal, mayStay, intervalMs = 4_000 }: Watch): AsyncGenerator<WatchedEvent> {
  const caller = authorize(ctx, "viewer");
  const { id, lastEventId } = parse(watchExecutionSchema, input);
  let position = lastEventId ?? 0;
  let ended = false;

  const heard = new Mailbox();
  // Before the rows are read, or what happens in between is lost.
  const unsubscribe = liveBus.subscribe(id, (events) => heard.push(events));
  signal.addEventListener("abort", heard.wake, { once: true });

  async function* fromRows(): AsyncGenerator<WatchedEvent> {
    const head = await findHead(caller.organizationId, id);
    for (const step of await recordsAfter(id, position)) {
      position = step.seq;
      yield { position, event: { type: "step", seq: step.seq, step } };
    }
    ended = isTerminal(head.status);
    if (ended) position = Math.max(position, head.seq);
    yield { position, event: { type: "execution", seq: head.seq, execution: head } };
  }

  async function* fromBus(event: LiveEvent): AsyncGenerator<WatchedEvent> {
    if (event.type === "hint") yield { position, event };
    else if (event.type === "step") {
      if (event.seq > position + 1) yield* fromRows();
      else if (event.seq === position + 1) yield { position: ++position, event };
    } else if (!isTerminal(event.execution.status)) yield { position, event };
    else if (event.seq > position + 1) yield* fromRows();
    else {
      ended = true;
      position = event.seq;
      yield { position, event };
    }
  }

  try {
    yield* fromRows();
    let looked = Date.now();
    while (!ended && !signal.aborted) {
      await heard.wait(Math.max(0, looked + intervalMs - Date.now()));
      if (signal.aborted) return;
      if (Date.now() >= looked + intervalMs || heard.overflowed) {
        if (!(await mayStay())) throw new ServiceError("unauthenticated", "Your access to this organization has ended.");
        heard.overflowed = false;
        looked = Date.now();
        yield* fromRows();
      }
      // A busy execution never leaves the mailbox empty: the right is looked at in between.
      const isDue = () => Date.now() >= looked + intervalMs;
      for (let event = heard.take(); event && !ended; event = isDue() ? undefined : heard.take()) yield* fromBus(event);
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", heard.wake);
  }
}

/** What was heard and not taken yet. */
class Mailbox {
  overflowed = false;
  private events: LiveEvent[] = [];
  private resolve: (() => void) | null = null;

  push(events: readonly LiveEvent[]): void {
    if (this.events.length + events.length > MAX_BEHIND) {
      this.events = [];
      this.overflowed = true;
    } else this.events.push(...events);
    this.wake();
  }

  take = (): LiveEvent | undefined => this.events.shift();

  wake = (): void => this.resolve?.();

  /** Resolves when something is there, or after the time. */
  async wait(ms: number): Promise<void> {
    if (this.events.length > 0 || this.overflowed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.resolve = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.resolve = null;
  }
}
