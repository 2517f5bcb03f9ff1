import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { type PostgresServer, startEmbeddedPostgres } from "@/cli/database/embedded-postgres";
import { checkInvariants } from "../../invariants";
import { WRITES } from "./storm-flows";
import { STORM_LEASE_MS, STORM_ORGANIZATION, type StormAnswer, type StormRequest } from "./storm-worker-protocol";

export interface StormOptions {
  executions: number;
  seed: number;
  processes?: number;
  /** Between two blows. */
  everyMs?: number;
  /** Blows go on at least that long, though everything may have ended. */
  leastSeconds?: number;
  say?: (line: string) => void;
}

export interface StormReport {
  executions: number;
  byStatus: Record<string, number>;
  processesKilled: number;
  /** Stood still past their lease, and went on. */
  processesFrozen: number;
  databaseStopped: { fast: number; immediate: number };
  /** Arrivals were sent until somebody acknowledged them: so many times in all. */
  sent: number;
  writesExpected: number;
  writesSeen: number;
  /** Begun again because the first try was never recorded: in flight when its process or the database went. */
  writesRepeatedInFlight: number;
  seconds: number;
  /** What must not be, a line each. */
  violations: string[];
}

/** A small generator with a seed: a failing storm can be repeated, as far as timing lets it. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const pauseFor = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The outside world: remembers when each write began and ended, by its name. */
class Outside {
  readonly begun = new Map<string, number[]>();
  readonly ended = new Map<string, number[]>();
  private readonly server = http.createServer((request, response) => {
    const [, phase = "", name = ""] = request.url!.split("/");
    const log = phase === "begin" ? this.begun : this.ended;
    log.set(name, [...(log.get(name) ?? []), Date.now()]);
    response.end("ok");
  });

  async open(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** One process of the storm, started again whenever it was killed. */
class StormProcess {
  private child: ChildProcess | null = null;
  private readonly asked = new Map<number, (answer: StormAnswer | null) => void>();
  private starting: Promise<void> | null = null;

  constructor(private readonly urls: [string, string]) {}

  start(): Promise<void> {
    this.starting ??= this.launch();
    return this.starting;
  }

  private async launch(): Promise<void> {
    const child = fork(path.join(import.meta.dirname, "storm-worker.ts"), this.urls, {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.child = child;
    child.once("exit", () => {
      if (this.child === child) this.child = null;
      for (const [id, answer] of this.asked) {
        this.asked.delete(id);
        answer(null);
      }
    });
    child.on("message", (answer: StormAnswer) => {
      if (!("id" in answer)) return;
      this.asked.get(answer.id)?.(answer);
      this.asked.delete(answer.id);
    });
    // One that is killed while it starts is started again like any other.
    await Promise.race([once(child, "message"), once(child, "exit")]);
  }

  /** Null when the process went before it answered. */
  ask(request: StormRequest): Promise<StormAnswer | null> {
    const { child } = this;
    if (!child?.connected) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.asked.set(request.id, resolve);
      child.send(request, (error) => {
        if (error && this.asked.delete(request.id)) resolve(null);
      });
    });
  }

  /** Stops it for a while, without telling it: a machine that was paused. */
  freeze(ms: number): boolean {
    const { child } = this;
    if (!child?.kill("SIGSTOP")) return false;
    setTimeout(() => child.kill("SIGCONT"), ms);
    return true;
  }

  async kill(): Promise<boolean> {
    const { child } = this;
    this.starting = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return false;
    child.kill("SIGKILL");
    await once(child, "exit");
    return true;
  }
}

/**
 * Many executions in flight while processes and Postgres are killed, again and again. On a Postgres of its own that syncs
 * its disk: what it acknowledged must be there.
 */
export async function storm(options: StormOptions): Promise<StormReport> {
  const { executions, seed, processes = 3, everyMs = 1000, leastSeconds = 0, say = () => {} } = options;
  const next = random(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const began = Date.now();
  const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-storm-"));
  const database = { directory: path.join(directory, "postgres"), password: "postgres" };
  let postgres: PostgresServer = await startEmbeddedPostgres(database);
  const outside = new Outside();
  const workers: StormProcess[] = [];
  const pool = new pg.Pool({ connectionString: postgres.url("postgres"), max: 2 });
  pool.on("error", () => {});
  let stopped = false;
  try {
    await deployMigrations(postgres.url("postgres"));
    await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, 120, now())", [
      STORM_ORGANIZATION,
    ]);
    const effectsUrl = await outside.open();
    workers.push(...Array.from({ length: processes }, () => new StormProcess([postgres.url("postgres"), effectsUrl])));
    await Promise.all(workers.map((worker) => worker.start()));

    let requests = 0;
    let sent = 0;
    const flows = Object.keys(WRITES);
    /** Asks until somebody has acknowledged, as senders of webhooks do. */
    const insist = async (request: () => StormRequest): Promise<string> => {
      for (;;) {
        const answer = await pick(workers).ask(request());
        if (answer && "executionId" in answer) return answer.executionId;
        if (stopped) throw new Error("The storm ended before an arrival was acknowledged");
        await pauseFor(100);
      }
    };
    const acknowledged = new Map<number, Set<string>>();
    const arrival = async (n: number): Promise<void> => {
      const flow = flows[n % flows.length]!;
      const start = (): StormRequest => {
        sent++;
        return { id: ++requests, kind: "start", flow, n, dedupeKey: `arrival-${n}` };
      };
      const executionId = await insist(start);
      // Senders repeat themselves: the same delivery must not start anything again.
      const again = next() < 0.3 ? await insist(start) : executionId;
      acknowledged.set(n, new Set([executionId, again]));
      if (flow !== "approval") return;
      await pauseFor(next() * 8000);
      await insist(() => ({ id: ++requests, kind: "signal", executionId }));
    };
    const arrivals = Promise.all(Array.from({ length: executions }, (_, n) => arrival(n)));
    arrivals.catch(() => {});

    let processesKilled = 0;
    let processesFrozen = 0;
    const databaseStopped = { fast: 0, immediate: 0 };
    const stopDatabase = async (how: "fast" | "immediate"): Promise<void> => {
      const postmaster = Number(readFileSync(path.join(database.directory, "postmaster.pid"), "utf8").split("\n")[0]);
      const gone = new Promise<void>((resolve) => postgres.onExit(() => resolve()));
      process.kill(postmaster, how === "fast" ? "SIGINT" : "SIGQUIT");
      await gone;
      postgres = await startEmbeddedPostgres({ ...database, port: postgres.port });
      databaseStopped[how]++;
    };
    const blow = async (): Promise<void> => {
      if (next() < 0.3) return stopDatabase(next() < 0.5 ? "fast" : "immediate");
      const victim = pick(workers);
      if (next() < 0.15) {
        if (victim.freeze(STORM_LEASE_MS * 1.5)) processesFrozen++;
        return;
      }
      if (await victim.kill()) processesKilled++;
      void victim.start();
    };
    const left = async (): Promise<number> => {
      try {
        const { rows } = await pool.query<{ n: number }>(
          "select count(*)::int n from execution where status in ('queued', 'running', 'waiting', 'paused')",
        );
        return acknowledged.size < executions ? executions : rows[0]!.n;
      } catch {
        return executions;
      }
    };
    let lastSaid = 0;
    for (let remaining = executions; remaining > 0 || Date.now() - began < leastSeconds * 1000; remaining = await left()) {
      const blowAt = Date.now() + everyMs;
      // Most of the storm is over once little is left: then only peace shows that everything ends.
      if (remaining > executions * 0.02 || Date.now() - began < leastSeconds * 1000) await blow();
      await pauseFor(Math.max(50, blowAt - Date.now()));
      if (Date.now() - lastSaid > 5000) {
        lastSaid = Date.now();
        say(`${Math.round((Date.now() - began) / 1000)} s: ${remaining} of ${executions} left, ${processesKilled} processes killed`);
      }
      if (Date.now() - began > 600_000 + leastSeconds * 1000) break;
    }
    stopped = true;
    await arrivals;
    const violations = await checkInvariants(pool, { settled: true, leaseMs: STORM_LEASE_MS });
    violations.push(...(await wrongArrivals(pool, acknowledged)), ...(await wrongWrites(pool, outside, executions, flows)));
    const { rows: statuses } = await pool.query<{ status: string; n: number }>(
      "select status, count(*)::int n from execution group by status order by status",
    );
    return {
      executions,
      byStatus: Object.fromEntries(statuses.map(({ status, n }) => [status, n])),
      processesKilled,
      processesFrozen,
      databaseStopped,
      sent,
      writesExpected: expectedWrites(executions, flows).length,
      writesSeen: outside.ended.size,
      writesRepeatedInFlight: [...outside.begun.values()].filter((times) => times.length > 1).length,
      seconds: Math.round((Date.now() - began) / 1000),
      violations,
    };
  } finally {
    stopped = true;
    await Promise.all(workers.map((worker) => worker.kill()));
    await pool.end();
    outside.close();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const expectedWrites = (executions: number, flows: readonly string[]): string[] =>
  Array.from({ length: executions }, (_, n) => (WRITES[flows[n % flows.length]!] ?? []).map((step) => `${n}-${step}`)).flat();

/** Acknowledged arrivals that are not there, or started more than one execution. */
async function wrongArrivals(pool: pg.Pool, acknowledged: ReadonlyMap<number, ReadonlySet<string>>): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; n: number }>("select id, (input::json -> 0 -> 'json' ->> 'n')::int n from execution");
  const byNumber = new Map<number, string[]>();
  for (const { id, n } of rows) byNumber.set(n, [...(byNumber.get(n) ?? []), id]);
  const wrong: string[] = [];
  for (const [n, ids] of acknowledged) {
    const stored = byNumber.get(n) ?? [];
    if (stored.length !== 1) wrong.push(`arrival ${n} was acknowledged and started ${stored.length} executions`);
    if (ids.size !== 1 || !ids.has(stored[0] ?? ""))
      wrong.push(`arrival ${n} was told of ${[...ids].join(", ")}, and is ${stored.join(", ")}`);
  }
  return wrong;
}

/** Writes that never happened, and ones that began again after they were durably recorded as done. */
async function wrongWrites(pool: pg.Pool, outside: Outside, executions: number, flows: readonly string[]): Promise<string[]> {
  const missing = expectedWrites(executions, flows).filter((name) => !outside.ended.has(name));
  const { rows } = await pool.query<{ name: string; finished_at: Date }>(
    `select output::json -> 'outputs' -> 0 -> 0 -> 'json' ->> 'name' as name, finished_at from execution_step
      where effect = 'write' and status = 'succeeded'`,
  );
  const again = rows.filter(({ name, finished_at }) => outside.begun.get(name)?.some((at) => at > finished_at.getTime()));
  return [
    ...missing.map((name) => `write ${name} never happened`),
    ...again.map(({ name }) => `write ${name} ran again after it was recorded as done`),
  ];
}

/** A report as lines for people. */
export const stormLines = (report: StormReport): string[] => [
  `${report.executions} executions in ${report.seconds} s: ${Object.entries(report.byStatus)
    .map(([status, n]) => `${n} ${status}`)
    .join(", ")}`,
  `processes killed: ${report.processesKilled}, frozen past their lease: ${report.processesFrozen}; Postgres stopped: ${report.databaseStopped.fast} fast, ${report.databaseStopped.immediate} immediate`,
  `arrivals: ${report.executions}, sent ${report.sent} times until acknowledged, each started exactly one execution`,
  `writes: ${report.writesSeen} of ${report.writesExpected} done; ${report.writesRepeatedInFlight} were in flight when something died and ran again; recorded ones that ran again: ${
    report.violations.filter((line) => line.includes("ran again")).length
  }`,
  ...report.violations.map((line) => `VIOLATION ${line}`),
];
