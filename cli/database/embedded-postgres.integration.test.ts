import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { projectRoot } from "../paths";
import { freePort } from "../ports";
import { isAlive } from "../processes";
import { runningPostgresPort, startEmbeddedPostgres } from "./embedded-postgres";

vi.mock("../ports", async (original) => {
  const ports = await original<typeof import("../ports")>();
  return { ...ports, freePort: vi.fn(ports.freePort) };
});

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "tolstoy-pg-"));
  chmodSync(folder, 0o711);
  directory = path.join(folder, "postgres");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = () => ({ directory, password: "postgres", settings: { fsync: "off" } });

/** Another process that starts, or joins, the server. */
async function hold(kind = "kept"): Promise<{ owner: ChildProcess; url: string; owned: boolean; postgres: number }> {
  const script = path.join(projectRoot, "cli/testing/hold-postgres.ts");
  const owner = spawn(process.execPath, ["--import", "tsx", script, directory, kind], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const postgres = Number(readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n")[0]);
  return { owner, postgres, ...(JSON.parse(line.toString()) as { url: string; owned: boolean }) };
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const untilGone = (pid: number) => vi.waitUntil(() => !isAlive(pid), { timeout: 20_000, interval: 50 });

test("Postgres ends with its owner, even one that was killed, and the next start finds the data", async () => {
  const first = await hold();
  await query(first.url, "create table kept as select 42 as n");
  first.owner.kill("SIGKILL");
  await untilGone(first.postgres);
  const server = await startEmbeddedPostgres(options());
  expect(await query(server.url("postgres"), "select n from kept")).toEqual([{ n: 42 }]);
  await server.stop();
  expect(await runningPostgresPort(directory)).toBeNull();
});

test("a start right after the owner was killed waits for the old server instead of failing", async () => {
  const first = await hold();
  // Stopped, so that it is still there, but answers nobody, when the next one starts.
  process.kill(first.postgres, "SIGSTOP");
  first.owner.kill("SIGKILL");
  await once(first.owner, "exit");
  const starting = startEmbeddedPostgres(options());
  process.kill(first.postgres, "SIGCONT");
  const server = await starting;
  expect(server.owned).toBe(true);
  expect(await query(server.url("postgres"), "select 1 as n")).toEqual([{ n: 1 }]);
  await server.stop();
});

test("a killed Postgres starts again", async () => {
  const first = await hold();
  process.kill(first.postgres, "SIGKILL");
  await untilGone(first.postgres);
  const server = await startEmbeddedPostgres(options());
  expect(await query(server.url("postgres"), "select 1 as n")).toEqual([{ n: 1 }]);
  await server.stop();
  first.owner.kill();
});

test("a lock file from before a reboot, whose number is another program's by now, is no obstacle", async () => {
  const before = await startEmbeddedPostgres(options());
  await before.stop();
  writeFileSync(path.join(directory, "postmaster.pid"), `${process.pid}\n${directory}\n1\n1\n\n127.0.0.1\n\nready\n`);
  const server = await startEmbeddedPostgres(options());
  expect(await query(server.url("postgres"), "select 1 as n")).toEqual([{ n: 1 }]);
  await server.stop();
});

test("a second process joins, does not end it, and hears when the first one ends it", async () => {
  const server = await startEmbeddedPostgres(options());
  const guest = await hold();
  expect(guest.owned).toBe(false);
  guest.owner.kill("SIGTERM");
  await once(guest.owner, "exit");
  expect(await query(server.url("postgres"), "select 1 as n")).toEqual([{ n: 1 }]);

  const joined = await startEmbeddedPostgres({ ...options() });
  const heard = new Promise<string>((resolve) => joined.onExit(resolve));
  await server.stop();
  expect(await heard).toMatch(/stopped it/);
});

test("a temporary server leaves no files behind when its owner is killed", async () => {
  chmodSync(folder, 0o700);
  const { owner, postgres } = await hold("temporary");
  owner.kill("SIGKILL");
  await untilGone(postgres);
  await vi.waitUntil(() => !existsSync(directory), { timeout: 10_000 });
});

test("another start takes the port between the look and the launch: it looks for one of its own", async () => {
  const other = path.join(folder, "other");
  const quicker = await startEmbeddedPostgres({ ...options(), directory: other, password: "other" });
  vi.mocked(freePort).mockResolvedValueOnce(quicker.port);
  const server = await startEmbeddedPostgres(options());
  expect(server.port).not.toBe(quicker.port);
  expect(await query(server.url("postgres"), "show data_directory")).toEqual([{ data_directory: directory }]);
  await Promise.all([server.stop(), quicker.stop()]);
});

test("it listens on the loopback interface only, and wants its password", async () => {
  const server = await startEmbeddedPostgres(options());
  expect(await query(server.url("postgres"), "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  await expect(query(server.url("postgres").replace(":postgres@", ":wrong@"), "select 1")).rejects.toThrow(/password/);
  await server.stop();
});

test("a data folder whose password is lost is named as the reason", async () => {
  const server = await startEmbeddedPostgres(options());
  await server.stop();
  await expect(startEmbeddedPostgres({ ...options(), password: "other" })).rejects.toThrow(/another password than .*secrets\.json/);
});

test.runIf(process.getuid?.() === 0)("root's own folders, which nobody else may enter, hold a database too", async () => {
  const closed = path.join(folder, "closed");
  mkdirSync(closed, { mode: 0o700 });
  directory = path.join(closed, "postgres");
  const server = await startEmbeddedPostgres(options());
  expect(await query(server.url("postgres"), "select 1 as n")).toEqual([{ n: 1 }]);
  await server.stop();
});
