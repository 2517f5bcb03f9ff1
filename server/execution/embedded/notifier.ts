import type pg from "pg";

export const CHANNEL = "tolstoy_engine";
const MAX_BYTES = 7000;

/**
 * Tells the other processes. NOTIFY takes a lock of the whole database at commit, so messages are gathered: the first goes
 * out at once, those that follow within the interval together. Never needed for correctness: everybody polls as well.
 */
export class Notifier {
  private readonly pending = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly intervalMs: number,
  ) {}

  send(message: string): void {
    this.pending.add(message);
    if (!this.timer && !this.stopped) this.flush();
  }

  private flush(): void {
    let text = "";
    for (const message of this.pending) {
      if (text.length + message.length > MAX_BYTES) break;
      text += text === "" ? message : `\n${message}`;
      this.pending.delete(message);
    }
    this.pool.query({ name: "engine_notify", text: "select pg_notify($1, $2)", values: [CHANNEL, text] }).catch(() => {});
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.pending.size > 0 && !this.stopped) this.flush();
    }, this.intervalMs);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }
}
