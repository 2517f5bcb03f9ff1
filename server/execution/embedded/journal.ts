import { setImmediate as turn } from "node:timers/promises";
import { isTerminal } from "@/flow/execution/status";
import { type Connection, isPassing, pause } from "./connection";
import { flushOneStatement } from "./flush-one";
import { type Ask, type FlushAnswer, type FlushRow, flushAnswer, flushStatement } from "./flush-statement";
import type { EngineLogger } from "./options";
import type { Entry, EntryOwner } from "./rows";

const MAX_ROWS = 2000;
const MAX_BYTES = 16 * 1024 * 1024;
const WORTH_HALVING = 16;
/** Power of two. */
const FIRST_REPLAN = 64;
const NOTHING: Ask = { claim: 0, wake: false };

export interface JournalHooks {
  workerId(): string;
  /** What else to ask the database for in the next round trip; null for nothing. */
  ask(): Ask | null;
  answered(answer: FlushAnswer, ask: Ask): void;
  /** This worker was taken for dead. Calls `disown`, and resolves once there is a new one. */
  fenced(workerId: string): Promise<void>;
}

const weight = (entry: Entry): number =>
  entry.steps.reduce((sum, step) => sum + (step.output?.length ?? 0), 0) +
  entry.payloads.reduce((sum, payload) => sum + payload.bytes.length, entry.start?.input?.length ?? 0);

/**
 * Group commit: whatever all executions of this process gave since the last flush goes out in one statement, one
 * transaction, one sync of the disk. One flush at a time: while it is under way the next batch gathers.
 */
export class Journal {
  private open = new Map<string, Entry>();
  private flushing = false;
  private gathering: ReturnType<typeof setTimeout> | null = null;
  private readonly stopped = new AbortController();
  private idle: (() => void)[] = [];
  /** Entries that are durable and whose owners have not been told yet. */
  private postponed: (() => void) | null = null;
  /** When the database was asked whether this worker counts, as it last said, by `performance.now()`: its answer may be old when it is read. */
  confirmedAt = 0;
  /** How often this process was taken for dead. */
  private lives = 0;
  private flushes = 0;
  /** Executions were claimed, or not, in a flush whose answer is awaited. */
  claiming = false;

  constructor(
    private readonly connection: Connection,
    private readonly hooks: JournalHooks,
    private readonly gatherMs: number,
    private readonly logger: EngineLogger,
  ) {}

  get backlog(): number {
    return this.open.size;
  }

  /** The entry that the next flush will take of this owner. Fill it in the same tick, then call `hurry` or `gather`. */
  entry(owner: EntryOwner): Entry {
    let entry = this.open.get(owner.executionId);
    if (!entry || entry.owner !== owner) {
      // An owner that comes after another of the same execution must not share its entry: keep both, in order.
      const key = entry ? `${owner.executionId} ${this.open.size}` : owner.executionId;
      entry = {
        owner,
        executionId: owner.executionId,
        organizationId: owner.organizationId,
        start: null,
        steps: [],
        payloads: [],
        end: null,
      };
      this.open.set(key, entry);
    }
    return entry;
  }

  /** The owner has lost its execution: what it still gave is not written. */
  forget(owner: EntryOwner): void {
    for (const [key, entry] of this.open) if (entry.owner === owner && !entry.start) this.open.delete(key);
  }

  /** Something waits for what has gathered. */
  hurry(): void {
    if (this.flushing || this.stopped.signal.aborted) return;
    this.flushing = true;
    if (this.gathering) clearTimeout(this.gathering);
    this.gathering = null;
    void this.flushAll();
  }

  /** Nothing waits for it: let more gather first. */
  gather(): void {
    if (this.flushing || this.gathering) return;
    this.gathering = setTimeout(() => {
      this.gathering = null;
      this.hurry();
    }, this.gatherMs);
  }

  /** Resolves once everything has been written. */
  async drain(): Promise<void> {
    while (this.flushing || this.open.size > 0) {
      this.hurry();
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
  }

  /** Gives up what has not been written. */
  close(): void {
    this.stopped.abort();
    this.settlePostponed();
    if (this.gathering) clearTimeout(this.gathering);
    for (const entry of this.take(Number.POSITIVE_INFINITY)) entry.owner.settled(entry, { kind: "lost" });
  }

  private async flushAll(): Promise<void> {
    for (;;) {
      // Whatever follows at this instant from what has happened rides along: usually whole runs of pure steps.
      await turn();
      const entries = this.take(MAX_ROWS);
      const ask = this.stopped.signal.aborted ? null : this.hooks.ask();
      if (entries.length > 0 || ask) {
        this.claiming = (ask?.claim ?? 0) > 0;
        await this.write(entries, ask ?? NOTHING);
        this.claiming = false;
      } else if (this.postponed) this.settlePostponed();
      else break;
    }
    this.flushing = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private take(maxRows: number): Entry[] {
    const taken: Entry[] = [];
    let rows = 0;
    let bytes = 0;
    for (const [key, entry] of this.open) {
      if (taken.length > 0 && (rows >= maxRows || bytes >= MAX_BYTES)) break;
      rows += 1 + entry.steps.length;
      bytes += weight(entry);
      taken.push(entry);
      this.open.delete(key);
    }
    return taken;
  }

  /** This worker was fenced: what its executions gave must not be written under its next name. Arrivals are still recorded. */
  disown(): void {
    this.lives++;
    for (const [key, entry] of this.open) if (this.onlyStarts([entry]).length === 0) this.open.delete(key);
  }

  /** Writes a batch, however often the connection breaks meanwhile. */
  private async write(batch: Entry[], ask: Ask): Promise<void> {
    let entries = batch;
    let life = this.lives;
    let isOrdinary = true;
    for (let delay = 20; ; ) {
      if (life !== this.lives) {
        life = this.lives;
        entries = this.onlyStarts(entries);
        if (entries.length === 0) return;
      }
      if (this.stopped.signal.aborted) {
        for (const entry of entries) entry.owner.settled(entry, { kind: "lost" });
        return;
      }
      const worker = this.hooks.workerId();
      const alone = isOrdinary ? flushOneStatement(worker, entries, ask) : null;
      const statement = alone ?? flushStatement(worker, entries, ask);
      let rows: FlushRow[];
      const askedAt = performance.now();
      try {
        const sent = this.connection.query<FlushRow>(statement);
        this.settlePostponed();
        rows = (await sent).rows;
      } catch (error) {
        if (isPassing(error)) {
          this.logger.warn({ err: error, entries: entries.length }, "the journal could not be written; trying again");
          await pause(delay, this.stopped.signal);
          delay = Math.min(delay * 2, 1000);
          continue;
        }
        return this.isolate(entries, error);
      }
      this.replan();
      if (alone && rows[0]?.kind === "other") {
        isOrdinary = false;
        continue;
      }
      const answer = flushAnswer(rows, entries);
      if (answer.fenced) {
        await this.hooks.fenced(worker);
        continue;
      }
      this.confirmedAt = askedAt;
      this.settle(entries, answer);
      this.hooks.answered(answer, ask);
      return;
    }
  }

  /**
   * Plans were made once, for tables as they were then: a scan of what was small is remembered while that grows. So they are
   * made anew each time that twice as much has been written.
   */
  private replan(): void {
    this.flushes++;
    if (this.flushes < FIRST_REPLAN || (this.flushes & (this.flushes - 1)) !== 0) return;
    this.connection.query({ text: "discard plans" }).catch(() => {});
  }

  /**
   * Tells the owners. Of a large batch, half of those that have ended are told only once the next batch is on its way:
   * what follows from them is then computed while the database works. Nothing but an end for good may be told late: what is
   * refused must stop at once, and what is parked may have been claimed again by this very answer.
   */
  private settle(entries: readonly Entry[], answer: FlushAnswer): void {
    const late: Entry[] = [];
    const most = entries.length < WORTH_HALVING ? 0 : entries.length >> 1;
    const tell = (entry: Entry): void => {
      const start = answer.starts.get(entry.executionId) ?? null;
      entry.owner.settled(entry, { kind: "durable", start, end: answer.ends.get(entry.executionId) ?? null });
    };
    for (const entry of entries) {
      const status = answer.ends.get(entry.executionId)?.status;
      if (status && isTerminal(status) && late.length < most) late.push(entry);
      else tell(entry);
    }
    if (late.length > 0) this.postponed = () => late.forEach(tell);
  }

  private settlePostponed(): void {
    const settle = this.postponed;
    this.postponed = null;
    settle?.();
  }

  /** A batch that the database refuses for good is written entry by entry: only the culprit pays. */
  private async isolate(entries: readonly Entry[], error: unknown): Promise<void> {
    if (entries.length > 1) {
      for (const entry of entries) await this.write([entry], NOTHING);
      return;
    }
    this.logger.error({ err: error, executionId: entries[0]?.executionId }, "the database refused a journal entry");
    if (entries[0]?.start && (entries[0].steps.length > 0 || entries[0].end)) {
      // The arrival itself may be sound: it is recorded, and what its run gives comes later and on its own.
      await this.write(this.onlyStarts(entries), NOTHING);
    } else if (entries[0]) entries[0].owner.settled(entries[0], { kind: "refused", error });
    else await pause(1000, this.stopped.signal);
  }

  /** After the fence, executions belong to others; but an arrival that was never recorded is still to be. */
  private onlyStarts(entries: readonly Entry[]): Entry[] {
    return entries.filter((entry) => {
      if (!entry.start) {
        entry.owner.settled(entry, { kind: "lost" });
        return false;
      }
      entry.start.eager = false;
      entry.steps = [];
      entry.payloads = entry.payloads.filter((payload) => !payload.ofStep);
      entry.end = null;
      return true;
    });
  }
}
