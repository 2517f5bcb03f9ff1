import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { graphSchema } from "@/flow/graph/schema";
import { createEmbeddedEngine } from "@/server/execution/embedded/engine";
import { newExecution } from "@/server/execution/embedded/testing/scripts";
import { checkInvariants } from "@/server/execution/invariants";
import { createTestDatabase } from "@/server/testing/database";
import { projectRoot } from "../paths";
import { runCommand } from "../testing/run-command";

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-worker-"));

test("a worker runs what a process records that runs nothing itself, and ends when it is told to", async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const engine = await createEmbeddedEngine({
    connectionString: database.url,
    run: () => Promise.reject(new Error("This process shall run nothing")),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    liveBus: { isHeard: () => false, publish() {} },
    capacity: 0,
  });
  const worker = spawn(process.execPath, [path.join(projectRoot, "cli/tolstoy.mjs"), "worker"], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(worker, "exit");
  try {
    await pool.query("insert into organization (id, name, slug, updated_at) values ('org', 'org', 'org', now())");
    const graph = graphSchema.parse({
      nodes: [
        { id: "a", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } },
        { id: "b", name: "Next", type: "no-op", position: { x: 0, y: 0 } },
      ],
      edges: [{ id: "e", source: "a", target: "b" }],
    });
    const { executionId } = await engine.start(newExecution("org", "flow", { n: 1 }, { graph, triggerNodeId: "a" }));
    const outcome = await engine.outcome(executionId, "end", AbortSignal.timeout(60_000));
    expect(outcome).toMatchObject({ status: "succeeded", lastItems: [{ json: { n: 1 } }] });
    expect(engine.running).toBe(0);
    worker.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
    expect(await checkInvariants(pool)).toEqual([]);
  } finally {
    worker.kill("SIGKILL");
    await ended;
    await engine.stop();
    await pool.end();
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);

test.each([
  ["without a database of its own kind", {}, /set DATABASE_URL/],
  ["on Inngest", { DATABASE_URL: "postgresql://u@127.0.0.1:1/a", EXECUTION_ENGINE: "inngest", INNGEST_DEV: "1" }, /no workers to start/],
])("a worker %s is told so in one line, exit 1", async (_what, environment, message) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tolstoy-worker-"));
  const result = await runCommand(["worker"], { directory: folder, environment: environment as Record<string, string> });
  rmSync(folder, { recursive: true, force: true });
  expect(result).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
});
