import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { type PostgresServer, startEmbeddedPostgres } from "@/cli/database/embedded-postgres";
import { checkInvariants } from "../../invariants";
import { expectedWrites, wrongArrivals, wrongChildren, wrongEnds, wrongResumptions, wrongWrites } from "./storm-checks";
import { WRITES } from "./storm-flows";
import { insertStormFlows } from "./storm-graphs";
import { Outside } from "./storm-outside";
import { StormProcess } from "./storm-process";
import { openResumer } from "./storm-resumer";
import { STORM_LEASE_MS, STORM_ORGANIZATION, type StormRequest } from "./storm-worker-protocol";

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
  /** Started by steps of others, and once each. */
  children: number;
  /** Failed, and went on with a mended draft. */
  resumed: number;
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
  const ending: (() => Promise<void>)[] = [];
  let stopped = false;
  try {
    await deployMigrations(postgres.url("postgres"));
    await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, 120, now())", [
      STORM_ORGANIZATION,
    ]);
    const effectsUrl = await outside.open();
    await insertStormFlows(pool, effectsUrl);
    const resumer = await openResumer(postgres.url("postgres"));
    ending.push(() => resumer.close());
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
    const wrong: string[] = [];
    /** Tries until it has failed, and whoever mends flows was acknowledged. */
    const resume = async (executionId: string): Promise<string> => {
      for (;;) {
        const resumed = await resumer.resume(executionId);
        if (resumed !== null) return resumed;
        if (stopped) throw new Error("The storm ended before a resumption was acknowledged");
        await pauseFor(250);
      }
    };
    const acknowledged = new Map<number, Set<string>>();
    let settled = 0;
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
      if (flow === "mended") {
        const resumed = await resume(executionId);
        const twice = next() < 0.3 ? await resume(executionId) : resumed;
        if (twice !== resumed) wrong.push(`execution ${executionId} was resumed as ${resumed} and as ${twice}`);
      }
      if (flow !== "approval") return;
      await pauseFor(next() * 8000);
      await insist(() => ({ id: ++requests, kind: "signal", executionId }));
    };
    const settle = (n: number) => arrival(n).finally(() => settled++);
    const arrivals = Promise.all(Array.from({ length: executions }, (_, n) => settle(n)));
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
      if (next() < 0.3) {
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
        return acknowledged.size < executions ? executions : rows[0]!.n + executions - settled;
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
    violations.push(...wrong, ...(await wrongArrivals(pool, acknowledged)), ...(await wrongWrites(pool, outside, executions, flows)));
    violations.push(...(await wrongEnds(pool)), ...(await wrongChildren(pool)), ...(await wrongResumptions(pool)));
    const { rows: counted } = await pool.query<{ children: number; resumed: number }>(
      `select count(*) filter (where mode = 'flow')::int as children, count(*) filter (where mode = 'retry')::int as resumed from execution`,
    );
    const { rows: statuses } = await pool.query<{ status: string; n: number }>(
      "select status, count(*)::int n from execution group by status order by status",
    );
    return {
      executions,
      children: counted[0]!.children,
      resumed: counted[0]!.resumed,
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
    for (const end of ending) await end();
    await pool.end();
    outside.close();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A report as lines for people. */
export const stormLines = (report: StormReport): string[] => [
  `${report.executions} executions in ${report.seconds} s: ${Object.entries(report.byStatus)
    .map(([status, n]) => `${n} ${status}`)
    .join(", ")}`,
  `processes killed: ${report.processesKilled}, frozen past their lease: ${report.processesFrozen}; Postgres stopped: ${report.databaseStopped.fast} fast, ${report.databaseStopped.immediate} immediate`,
  `started by steps of others: ${report.children}, once each, and waited for; failed and resumed on a mended draft: ${report.resumed}, once each`,
  `arrivals: ${report.executions}, sent ${report.sent} times until acknowledged, each started exactly one execution`,
  `writes: ${report.writesSeen} of ${report.writesExpected} done; ${report.writesRepeatedInFlight} were in flight when something died and ran again; recorded ones that ran again: ${
    report.violations.filter((line) => line.includes("ran again")).length
  }`,
  ...report.violations.map((line) => `VIOLATION ${line}`),
];
