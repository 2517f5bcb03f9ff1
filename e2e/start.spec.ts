import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "@/cli/ports";
import { isAlive } from "@/cli/processes";
import { type RunningApp, startApp } from "./support/server";

// Starts and stops apps of its own; needs no browser.
test.describe.configure({ mode: "serial" });

const pidsOf = (app: RunningApp): number[] => {
  const { command, server, postgres } = app.pids();
  return [command, server, postgres ?? 0];
};

const expectGone = (pids: number[]) => expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);

let app: RunningApp;
test.afterEach(() => app?.dispose());

test("a second start is ready within ten seconds, and the data is still there", async () => {
  app = await startApp();
  const { dataDirectory, port, signIn } = app;
  await app.stop();
  const started = Date.now();
  const second = await startApp({ dataDirectory, port });
  const seconds = (Date.now() - started) / 1000;
  process.stdout.write(`Second start: ready after ${seconds.toFixed(1)} s\n`);
  expect(second.signIn).toEqual(signIn);
  await second.stop();
  expect(seconds).toBeLessThan(10);
});

test("SIGTERM leaves no process behind", async () => {
  app = await startApp();
  const pids = pidsOf(app);
  expect(pids.every(isAlive)).toBe(true);
  await app.stop();
  await expectGone(pids);
});

test("a killed parent leaves no process behind", async () => {
  const dataDirectory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-e2e-"));
  const command = path.resolve(import.meta.dirname, "../cli/tolstoy.mjs");
  // As npm does: a shell between the terminal and the command.
  const parent = spawn("sh", ["-c", `"${process.execPath}" "${command}" start; true`], {
    env: { ...process.env, PORT: String(await freePort()), DATA_DIR: dataDirectory },
    stdio: "ignore",
  });
  const state = path.join(dataDirectory, "app.json");
  await expect.poll(() => existsSync(state), { timeout: 60_000 }).toBe(true);
  const { pid, serverPid } = JSON.parse(readFileSync(state, "utf8")) as { pid: number; serverPid: number };
  const postgres = Number(readFileSync(path.join(dataDirectory, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
  parent.kill("SIGKILL");
  await expectGone([pid, serverPid, postgres]);
  rmSync(dataDirectory, { recursive: true });
});

test("after kill -9 nothing is left, and the next start is none the worse", async () => {
  app = await startApp();
  const { dataDirectory, port } = app;
  const pids = pidsOf(app);
  await app.kill();
  const next = await startApp({ dataDirectory, port });
  await expectGone(pids);
  const answer = await fetch(`${next.url}/api/health`);
  expect(answer.status).toBe(200);
  await next.stop();
});

test("apikey create works beside the running app: the key on the last line opens the API", async () => {
  app = await startApp();
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, "../cli/tolstoy.mjs"), "apikey", "create", "--org", "demo"], {
    env: { ...inherited, DATA_DIR: app.dataDirectory } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const key = output.trimEnd().split("\n").at(-1);
  const call = (authorization: string) => fetch(`${app.url}/api/v1/executions/exec_none`, { headers: { authorization } });
  expect((await call(`Bearer ${key}`)).status).toBe(404);
  expect((await call(`Bearer ${key}x`)).status).toBe(401);
});
