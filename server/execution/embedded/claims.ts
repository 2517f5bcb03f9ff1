import type { Ask, FlushAnswer } from "./flush-statement";

const MOST_AT_ONCE = 200;
const SHORTEST_RETRY_MS = 20;
const LONGEST_TIMER = 2_147_483_647;

/** When to ask the database for work and for timers that are due. The asking itself rides on the journal's round trips. */
export class Claims {
  private wanted = true;
  private wakeWanted = true;
  private stopped = false;
  private retryMs = SHORTEST_RETRY_MS;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private wake: ReturnType<typeof setTimeout> | null = null;
  private wakeAt = Number.POSITIVE_INFINITY;
  private readonly poll: ReturnType<typeof setInterval>;
  /** Work was queued when the database was last asked. */
  more = false;

  constructor(
    /** How many executions this process has room for. */
    private readonly free: () => number,
    private readonly hurry: () => void,
    private readonly pollMs: number,
  ) {
    this.poll = setInterval(() => {
      this.wakeWanted = true;
      this.kick();
    }, pollMs);
  }

  /** There may be work. */
  kick(): void {
    this.wanted = true;
    if (!this.stopped) this.hurry();
  }

  /** A run ended: there is room again. */
  freed(): void {
    if (this.more || this.wanted) this.kick();
  }

  /** A run was parked until then. */
  parked(until: Date): void {
    if (until.getTime() < this.wakeAt) this.wakeIn(until.getTime());
  }

  ask(): Ask | null {
    if (this.stopped) return null;
    const room = this.wanted || this.wakeWanted ? Math.min(this.free(), MOST_AT_ONCE) : 0;
    if (room <= 0 && !this.wakeWanted) return null;
    const ask = { claim: Math.max(0, room), wake: this.wakeWanted };
    if (room > 0) this.wanted = false;
    this.wakeWanted = false;
    return ask;
  }

  answered(answer: FlushAnswer, ask: Ask): void {
    this.more = answer.more;
    if (answer.nextWake !== undefined) this.wakeIn(answer.nextWake ?? Number.POSITIVE_INFINITY);
    if (this.stopped || !answer.more) return;
    if (answer.claimed.length > 0) this.retryMs = SHORTEST_RETRY_MS;
    if (answer.ends.size > 0 || (ask.claim > 0 && answer.claimed.length === ask.claim)) this.kick();
    else if (ask.claim > 0 && !this.retry) {
      // Its organizations are at their limits, or another process is claiming for them at this moment.
      this.retry = setTimeout(() => {
        this.retry = null;
        this.kick();
      }, this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, this.pollMs);
    }
  }

  private wakeIn(at: number): void {
    if (this.wake) clearTimeout(this.wake);
    this.wake = null;
    this.wakeAt = at;
    if (this.stopped || at === Number.POSITIVE_INFINITY) return;
    const wakeNow = () => {
      this.wakeWanted = true;
      this.wakeAt = Number.POSITIVE_INFINITY;
      this.kick();
    };
    this.wake = setTimeout(wakeNow, Math.min(Math.max(1, at - Date.now()), LONGEST_TIMER));
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.poll);
    if (this.wake) clearTimeout(this.wake);
    if (this.retry) clearTimeout(this.retry);
  }
}
