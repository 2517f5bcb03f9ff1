import { randomUUID } from "node:crypto";
import os from "node:os";
import type pg from "pg";
import { Connection, persist } from "./connection";
import { CHANNEL } from "./notifier";
import type { EngineSettings } from "./options";

const LOCK_CLASS = 7707;
const NEVER_MS = 2_000_000_000;

export interface HeldExecution {
  id: string;
  claim_no: number;
  cancel_requested: boolean;
  pause_requested: boolean;
}

export interface WorkerHooks {
  notified(message: string): void;
  /** What the database says this worker runs. */
  holds(executions: readonly HeldExecution[]): void;
  /** It was taken for dead: whatever it ran may be another's by now. */
  fenced(): void;
  /** Executions of dead workers went back to the queue. */
  reaped(count: number): void;
}

/**
 * This process among those that run executions: a row with a heartbeat, and a session that holds an advisory lock, so that
 * the others learn of its death when the connection breaks and not only when the lease runs out.
 */
export class Worker {
  id = randomUUID() as string;
  /** Other workers that are alive. */
  others = 0;
  private lockNo = 0;
  private locked = false;
  private renewal: Promise<void> | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  private beating = false;
  /** Since when beats have come through without a gap; time in which the database did not answer counts against nobody. */
  private steadySince = performance.now();
  private lastBeat = performance.now();
  private readonly stopping = new AbortController();
  private readonly session: Connection;

  constructor(
    private readonly pool: pg.Pool,
    private readonly settings: EngineSettings,
    private readonly hooks: WorkerHooks,
  ) {
    this.session = new Connection(
      { connectionString: settings.connectionString, application_name: "tolstoy worker" },
      (client) => this.prepare(client),
      () => {
        this.locked = false;
        void this.beat();
      },
    );
  }

  async start(): Promise<void> {
    await this.register();
    await this.session.connected();
    await this.beat();
    this.timer = setInterval(() => void this.beat(), this.settings.heartbeatMs);
  }

  private async register(): Promise<void> {
    const id = randomUUID();
    const { rows } = await this.pool.query<{ lock_no: string }>({
      text: "insert into worker (id, host, pid) values ($1, $2, $3) returning lock_no",
      values: [id, os.hostname(), process.pid],
    });
    this.lockNo = Number(rows[0]!.lock_no);
    this.id = id;
    this.locked = false;
  }

  private async prepare(client: pg.Client): Promise<void> {
    client.on("notification", ({ payload }) => {
      for (const message of payload?.split("\n") ?? []) this.hooks.notified(message);
    });
    await client.query(`listen ${CHANNEL}`);
  }

  /** The session of a connection that broke may still hold it for a while; it is then asked for again at the next beat. */
  private async lock(): Promise<void> {
    const { rows } = await this.session.query<{ locked: boolean }>({
      text: "select pg_try_advisory_lock($1, $2) as locked",
      values: [LOCK_CLASS, this.lockNo],
    });
    this.locked = rows[0]!.locked;
  }

  private async beat(): Promise<void> {
    if (this.beating || this.stopping.signal.aborted) return;
    this.beating = true;
    try {
      const { id } = this;
      const { rows } = await this.pool.query<{ others: number }>({
        name: "engine_heartbeat",
        text: `update worker set heartbeat_at = clock_timestamp() where id = $1 and not fenced
          returning (select count(*) from worker o where not o.fenced and o.id <> $1)::int as others`,
        values: [id],
      });
      if (!rows[0]) await this.fenced(id);
      else {
        this.others = rows[0].others;
        const now = performance.now();
        if (now - this.lastBeat > this.settings.leaseMs / 2) this.steadySince = now;
        this.lastBeat = now;
        await this.session.connected();
        if (!this.locked) await this.lock();
        await this.reap();
        const held = await this.pool.query<HeldExecution>({
          name: "engine_held",
          text: `select id, claim_no, cancel_requested, pause_requested from execution where worker_id = $1 and status = 'running' and engine = 'embedded'`,
          values: [this.id],
        });
        this.hooks.holds(held.rows);
      }
    } catch {
      // The database is away; whoever outlives it carries on at a later beat.
    } finally {
      this.beating = false;
    }
  }

  private async reap(): Promise<void> {
    const { quietMs } = this.settings;
    const leaseMs = performance.now() - this.steadySince > this.settings.leaseMs ? this.settings.leaseMs : NEVER_MS;
    const host = os.hostname();
    const { rows: peers } = await this.pool.query<{ pid: number }>({
      name: "engine_peers",
      text: "select pid from worker where not fenced and host = $1 and id <> $2",
      values: [host, this.id],
    });
    const { rows } = await this.pool.query<{ executions: number }>({
      name: "engine_reap",
      text: "select executions from engine_reap($1, $2, $3, $4, $5)",
      values: [this.id, leaseMs, quietMs, host, peers.map((peer) => peer.pid).filter(isGone)],
    });
    const count = rows.reduce((sum, row) => sum + row.executions, 0);
    if (rows.length > 0) this.hooks.reaped(count);
  }

  /** Starts anew under another name. */
  fenced(id: string): Promise<void> {
    if (id !== this.id) return this.renewal ?? Promise.resolve();
    this.renewal ??= this.renew().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async renew(): Promise<void> {
    this.hooks.fenced();
    await persist(() => this.register(), this.stopping.signal).catch(() => {});
  }

  /** Gives everything back and says goodbye. */
  async stop(retireMs: number): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearInterval(this.timer);
    const retired = this.pool.query({ text: "select engine_retire($1)", values: [this.id] }).catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      retired,
      new Promise((resolve) => {
        timer = setTimeout(resolve, retireMs);
      }),
    ]);
    clearTimeout(timer);
    await this.session.end();
  }
}

/** No process of that number on this machine. Another container's may look so, but its session holds the advisory lock. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
