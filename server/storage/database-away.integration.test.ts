import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { deployMigrations } from "@/cli/database/deploy-migrations";
import { type PostgresServer, startEmbeddedPostgres } from "@/cli/database/embedded-postgres";
import { createExecutionCredentials } from "@/server/credentials/execution-credentials";
import { closeDb } from "@/server/db";
import { resetEnv } from "@/server/env";
import { createCustomData } from "@/server/execution/custom-data";
import { until } from "@/server/execution/embedded/testing/engines";
import { createHttpClient } from "@/server/http/guarded-client";
import { createCredential } from "@/server/services/credentials/create";
import { closeSql, sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { startTcpProxy, type TcpProxy } from "@/server/testing/tcp-proxy";
import { createFlowStorage } from "./flow-storage";

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-away-"));
const options = { directory: path.join(directory, "postgres"), password: "postgres" };
const http = createHttpClient({ allowlist: [] });
let server: PostgresServer;
let proxy: TcpProxy;
/** Sees the database directly, whatever the way of the others is like. */
let direct: pg.Pool;
let through: pg.Pool;

beforeAll(async () => {
  server = await startEmbeddedPostgres(options);
  await deployMigrations(server.url("postgres"));
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.DATABASE_URL = server.url("postgres");
  resetEnv();
  proxy = await startTcpProxy(server.port);
  const url = new URL(server.url("postgres"));
  url.port = String(proxy.port);
  direct = new pg.Pool({ connectionString: server.url("postgres"), max: 2 });
  through = new pg.Pool({ connectionString: url.href, max: 2 });
  for (const pool of [direct, through]) pool.on("error", () => {});
});
afterEach(() => {
  proxy.weather = "fair";
});
afterAll(async () => {
  await http.close();
  await Promise.all([through?.end(), direct?.end(), closeDb(), closeSql()]);
  await proxy?.close();
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function killDatabase(): Promise<void> {
  const postmaster = Number(readFileSync(path.join(options.directory, "postmaster.pid"), "utf8").split("\n")[0]);
  const ended = new Promise<void>((resolve) => server.onExit(() => resolve()));
  process.kill(postmaster, "SIGQUIT");
  await ended;
}

async function newOwner() {
  const { context, member } = await createMember({ role: "editor" });
  const { organizationId } = member;
  return { context, owner: { organizationId, flowId: randomUUID(), nodeId: "n", executionId: `exec_${randomUUID()}`, visit: "n#0" } };
}

const increment = (value: unknown) => (typeof value === "number" ? value : 0) + 1;

test("what steps keep and the credentials that they use are there again when Postgres is, and every change is made once", {
  timeout: 60_000,
}, async () => {
  const { context, owner } = await newOwner();
  const { id } = await createCredential({
    ctx: context,
    input: { name: "Shop", type: "bearer", fields: { token: "correct-horse-battery" }, allowedHosts: ["shop.example"] },
  });
  const storage = createFlowStorage(sql(), owner);
  const custom = createCustomData(sql(), owner)({ key: "n#0" });
  let over = false;
  /** Does something again and again, as the steps of many executions do. */
  const keepOn = async (work: () => Promise<unknown>): Promise<number> => {
    for (let done = 0; ; done++) {
      if (over && done > 0) return done;
      await work();
    }
  };
  const slots = [{ name: "c", types: [], required: true }];
  const open = () => createExecutionCredentials(owner, http).fields({ name: "Call", credentials: { c: { id } }, slots }, "c");
  let drafts = 0;
  const work = [
    keepOn(() => storage.update("count", increment)),
    keepOn(async () => expect(await open()).toEqual({ token: "correct-horse-battery" })),
    keepOn(async () => {
      await storage.set("mine", 1, "node");
      expect(await storage.list("m", "node")).toEqual([{ key: "mine", value: 1 }]);
      expect(await storage.delete("mine", "node")).toBe(true);
    }),
    keepOn(async () => {
      await storage.staticData.write("global", { n: ++drafts });
      await custom.write({ n: String(drafts) });
    }),
  ];
  const settled = Promise.all(work);
  settled.catch(() => {});
  for (let round = 0; round < 3; round++) {
    const before = drafts;
    await until(
      () => drafts,
      (count) => count > before + 3,
      20_000,
    );
    await killDatabase();
    server = await startEmbeddedPostgres({ ...options, port: server.port });
  }
  over = true;
  const [increments] = await settled;
  expect(await storage.get("count")).toBe(increments);
});

/** A pool whose first change arrives and is made, while its answer is lost with the connection. */
async function losingAnAnswer(isMade: () => Promise<boolean>, meanwhile: () => Promise<unknown> = async () => {}): Promise<pg.Pool> {
  await through.query("select 1");
  let isFirst = true;
  const query = async (text: string, values: unknown[]) => {
    if (!isFirst || text.startsWith("select")) return through.query(text, values);
    isFirst = false;
    proxy.weather = "deaf";
    const answer = through.query(text, values);
    answer.catch(() => {});
    await until(isMade);
    await meanwhile();
    proxy.reset();
    proxy.weather = "fair";
    return answer;
  };
  return Object.create(through, { query: { value: query } }) as pg.Pool;
}

test("a change whose answer was lost is not made once more", async () => {
  const { owner } = await newOwner();
  const storage = createFlowStorage(direct, owner);
  const keeps = (value: unknown) => async () => (await storage.get("count")) === value;
  const losing = async (value: unknown) => createFlowStorage(await losingAnAnswer(keeps(value)), owner);
  expect(await (await losing(1)).update("count", increment)).toBe(1);
  expect(await (await losing(2)).update("count", increment)).toBe(2);
  expect(await storage.get("count")).toBe(2);
  expect(await (await losing(undefined)).delete("count")).toBe(true);
  expect(await storage.delete("count")).toBe(false);
});

test("a change whose answer was lost, and that others have changed since, is said to be unknown", async () => {
  const { owner } = await newOwner();
  const storage = createFlowStorage(direct, owner);
  // From another process: changes of one take turns.
  const others = () => direct.query("update flow_storage set value = '2', version = default where flow_id = $1", [owner.flowId]);
  const pool = await losingAnAnswer(async () => (await storage.get("count")) === 1, others);
  await expect(createFlowStorage(pool, { ...owner, visit: "other#0" }).update("count", increment)).rejects.toThrow(
    'while the value of "count" was changed, and others have changed it since',
  );
  expect(await storage.get("count")).toBe(2);
});
