import { setMaxListeners } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { startEmbeddedPostgres } from "@/cli/database/embedded-postgres";
import { createEmbeddedEngine } from "@/server/execution/embedded/engine";
import type { EmbeddedEngineOptions } from "@/server/execution/embedded/options";
import { newExecution, runScripts } from "@/server/execution/embedded/testing/scripts";
import { checkInvariants } from "@/server/execution/invariants";

// The embedded engine alone, everything durable (fsync on): `node --import tsx bench/engine.ts [seconds per measurement]`.

const seconds = Number(process.argv[2] ?? 5);
const STEPS = 10;

/** CPU seconds of a process, or null when it has gone. */
function cpuOf(pid: number | string): { parent: number; seconds: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / 100 };
  } catch {
    return null;
  }
}

function postgresCpu(postmaster: number): number {
  let total = cpuOf(postmaster)?.seconds ?? 0;
  for (const entry of readdirSync("/proc")) {
    const process = /^\d+$/.test(entry) ? cpuOf(entry) : null;
    if (process?.parent === postmaster) total += process.seconds;
  }
  return total;
}

const nodeCpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
const load = () => os.loadavg()[0]!.toFixed(2);

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-bench-"));
const server = await startEmbeddedPostgres({ directory: path.join(directory, "postgres"), password: "postgres", temporary: true });
const url = server.url("postgres");
await deployMigrations(url);
const pool = new pg.Pool({ connectionString: url, max: 2 });
// The server goes away last, and takes idle connections with it.
pool.on("error", () => {});
await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ('bench', 'bench', 'bench', 1000, now())");
const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
const postmaster = cpuOf(rows[0]!.pid)?.parent ?? 0;

const quiet = { debug() {}, info() {}, warn() {}, error: (details: object, message: string) => console.error(message, details) };
const open = (options: Partial<EmbeddedEngineOptions> = {}) =>
  createEmbeddedEngine({
    connectionString: url,
    logger: quiet,
    liveBus: { publish() {}, isHeard: () => false },
    run: runScripts({
      pure: async (steps) => {
        for (let index = 0; index < STEPS; index++)
          await steps.run(`step${index}`, () => ({ index, text: "some text that an item carries" }));
      },
      writes: async (steps) => {
        for (let index = 0; index < STEPS; index++)
          await steps.run(`step${index}`, () => ({ index }), index % 5 === 4 ? { effect: "write" } : {});
      },
    }),
    ...options,
  });

interface Measurement {
  perSecond: number;
  p50: number;
  p99: number;
  cpuPerStep: { node: number; postgres: number };
}

/** Clients that start an execution, wait for its end, and start the next. */
async function measure(flow: string, clients: number, eager: boolean): Promise<Measurement> {
  const engine = await open({ eager });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const times: number[] = [];
  const drive = async (until: number, record: boolean) => {
    while (performance.now() < until) {
      const began = performance.now();
      const execution = newExecution("bench", flow, { order: 1, customer: "a" });
      await engine.start(execution);
      await engine.outcome(execution.id, "end", signal);
      if (record) times.push(performance.now() - began);
    }
  };
  const all = (until: number, record: boolean) => Promise.all(Array.from({ length: clients }, () => drive(until, record)));
  await all(performance.now() + 1000, false);
  const before = { node: nodeCpu(), postgres: postgresCpu(postmaster), at: performance.now() };
  await all(performance.now() + seconds * 1000, true);
  const elapsed = (performance.now() - before.at) / 1000;
  const steps = times.length * STEPS;
  const result = {
    perSecond: times.length / elapsed,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpuPerStep: { node: ((nodeCpu() - before.node) / steps) * 1e6, postgres: ((postgresCpu(postmaster) - before.postgres) / steps) * 1e6 },
  };
  await engine.stop();
  return result;
}

/** How fast a full queue is worked off. */
async function drain(count: number): Promise<number> {
  const recorder = await open({ capacity: 0 });
  await Promise.all(Array.from({ length: count }, () => recorder.start(newExecution("bench", "pure"))));
  await recorder.stop();
  const began = performance.now();
  const engine = await open({ capacity: 50 });
  for (;;) {
    const left = await pool.query("select 1 from execution where status in ('queued', 'running') limit 1");
    if (left.rowCount === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const elapsed = (performance.now() - began) / 1000;
  await engine.stop();
  return count / elapsed;
}

const line = (name: string, { perSecond, p50, p99, cpuPerStep }: Measurement) =>
  console.log(
    `${name.padEnd(44)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  ` +
      `CPU per step ${(cpuPerStep.node + cpuPerStep.postgres).toFixed(1)} µs (node ${cpuPerStep.node.toFixed(1)}, postgres ${cpuPerStep.postgres.toFixed(1)})`,
  );

console.log(
  `${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores, Node ${process.version}, load ${load()}; ten-step executions, fsync on`,
);
try {
  line("pure, 1 client", await measure("pure", 1, true));
  line("pure, 20 clients", await measure("pure", 20, true));
  line("pure, 50 clients", await measure("pure", 50, true));
  line("2 writes of 10, 50 clients", await measure("writes", 50, true));
  line("pure, 50 clients, all through the queue", await measure("pure", 50, false));
  console.log(`${"full queue, 50 at a time".padEnd(44)} ${(await drain(10_000)).toFixed(0).padStart(6)}/s`);
  await pool.query("analyze");
  const violations = await checkInvariants(pool, { settled: true });
  console.log(
    `load ${load()}, memory ${(process.memoryUsage().rss / 1_048_576).toFixed(0)} MB, invariants ${violations.length === 0 ? "hold" : violations.join("; ")}`,
  );
  if (violations.length > 0) process.exitCode = 1;
} finally {
  await pool.end();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
