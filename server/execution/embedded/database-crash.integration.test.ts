import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { type PostgresServer, startEmbeddedPostgres } from "@/cli/database/embedded-postgres";
import { checkInvariants } from "../invariants";
import { createEmbeddedEngine } from "./engine";
import { never, until } from "./testing/engines";
import { newExecution, runScripts } from "./testing/scripts";

// A database of its own with fsync on: what it acknowledged must be there after it was killed.
const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-crash-"));
const options = { directory: path.join(directory, "postgres"), password: "postgres" };
let server: PostgresServer;

beforeAll(async () => {
  server = await startEmbeddedPostgres(options);
  await deployMigrations(server.url("postgres"));
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** As if its machine lost power, but for the disk's own cache. */
async function killDatabase(): Promise<void> {
  const postmaster = Number(readFileSync(path.join(options.directory, "postmaster.pid"), "utf8").split("\n")[0]);
  const ended = new Promise<void>((resolve) => server.onExit(() => resolve()));
  process.kill(postmaster, "SIGQUIT");
  await ended;
}

test("when Postgres is killed again and again, arrivals wait for it, every execution ends, and no write runs twice", {
  timeout: 90_000,
}, async () => {
  const url = server.url("postgres");
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => {});
  await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ('org', 'org', 'org', 8, now())");
  const effects = new Map<string, number>();
  const engine = await createEmbeddedEngine({
    connectionString: url,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    liveBus: { isHeard: () => false, publish() {} },
    heartbeatMs: 300,
    pollMs: 200,
    run: runScripts({
      writes: async (steps, input) => {
        for (let index = 0; index < 5; index++) {
          const write = async () => {
            const name = `${input.n} ${index}`;
            effects.set(name, (effects.get(name) ?? 0) + 1);
            await new Promise((resolve) => setTimeout(resolve, 3));
            return { index };
          };
          await steps.run(`write${index}`, write, { effect: "write" });
        }
      },
    }),
  });
  const ids: string[] = [];
  for (let round = 0; round < 3; round++) {
    const executions = Array.from({ length: 40 }, (_, n) => newExecution("org", "writes", { n: round * 40 + n }));
    ids.push(...executions.map((execution) => execution.id));
    const starting = executions.map((execution) => engine.start(execution));
    const before = effects.size;
    await until(
      () => effects.size,
      (size) => size > before + 20,
      20_000,
    );
    await killDatabase();
    server = await startEmbeddedPostgres({ ...options, port: server.port });
    for (const [n, started] of (await Promise.all(starting)).entries()) {
      expect(started).toEqual({ executionId: executions[n]!.id, duplicate: false });
    }
  }
  await Promise.all(ids.map(async (id) => expect((await engine.outcome(id, "end", never())).status).toBe("succeeded")));
  await engine.stop();
  expect(effects.size).toBe(ids.length * 5);
  expect([...effects].filter(([, count]) => count !== 1)).toEqual([]);
  expect(await checkInvariants(pool, { settled: true })).toEqual([]);
  await pool.end();
});
