/** Somebody who holds a token for one execution. */
export interface Listener {
  executionId: string;
  /** What the listener's tokens are revoked by. */
  revocationKey: string;
  /** When the last token of this execution ends by itself, in milliseconds since the epoch. */
  expiresAt: number;
  /** Whether the listener still may see it. */
  mayStay: () => Promise<boolean>;
}

const INTERVAL_MS = 4_000;

/**
 * Everybody who holds a live token of this process. Their right is looked at every few seconds, as often as that of a stream of
 * server-sent events, whatever it was that ended it: a removal, a sign-out, a deleted account.
 */
export class Listeners {
  private readonly held = new Map<string, Listener>();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly onLost: (listener: Listener) => void,
    private readonly intervalMs = INTERVAL_MS,
  ) {}

  /** Replaces what the same person held for the same execution. */
  add(listener: Listener): void {
    this.held.set(`${listener.revocationKey} ${listener.executionId}`, listener);
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.held.size === 0 || this.stopped) return;
    this.timer ??= setTimeout(() => {
      void this.look().finally(() => {
        this.timer = null;
        this.schedule();
      });
    }, this.intervalMs).unref();
  }

  private async look(): Promise<void> {
    const now = Date.now();
    await Promise.all(
      [...this.held].map(async ([key, listener]) => {
        if (listener.expiresAt <= now) {
          if (this.held.get(key) === listener) this.held.delete(key);
          return;
        }
        // A database that is away says nothing about anybody's right: the next look asks again.
        if (await listener.mayStay().catch(() => true)) return;
        if (this.held.get(key) === listener) this.held.delete(key);
        this.onLost(listener);
      }),
    );
  }
}
