import net from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import { sketch } from "@/flow/interpreter/testing/registry";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { type Effects, startEffects } from "./testing/effects";
import { addOrganization, newExecution, Observer, until } from "./testing/harness";
import { type KillableApp, startKillableApp } from "./testing/killable-app";

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });

//              ┌─ B1 ─ B2 ─┐
//  Start ─ A ──┤           ├─ D ─ E
//              └─ C ───────┘
const hit = (ms: number) => ({ type: "hit", parameters: { ms } });
const graph = sketch(
  { Start: { type: "start" }, A: hit(40), B1: hit(60), B2: hit(20), C: hit(90), M: { type: "merge" }, D: hit(30), E: hit(10) },
  ["Start -> A", "A -> B1", "B1 -> B2", "A -> C", "B2 -> M.a", "C -> M.b", "M -> D", "D -> E"],
);
const writes = ["A#0", "B1#0", "B2#0", "C#0", "D#0", "E#0"];

describe.each([{ tickMs: 0 }, { tickMs: 140 }])("kill -9 in the middle of 50 executions (latency $tickMs ms)", ({ tickMs }) => {
  let database: TestDatabase;
  let effects: Effects;
  let server: InngestServer;
  let pool: pg.Pool;
  let app: KillableApp | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    effects = await startEffects();
    server = await startInngestServer({ tickMs });
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    // Dropping the database may cut a connection that is about to close.
    pool.on("error", () => {});
    await addOrganization(pool);
  });
  afterEach(() => app?.kill());
  afterAll(async () => {
    await pool.end();
    await server.close();
    await effects.close();
    await database.drop();
  });

  it("ends them all, and runs no step again that was durably completed", { timeout: 90_000 }, async () => {
    const port = await freePort();
    const start = () =>
      startKillableApp({ DATABASE_URL: database.url, INNGEST_DEV: server.url, EFFECTS_URL: effects.url, PORT: String(port) });
    app = await start();
    await server.sync(`http://127.0.0.1:${port}/api/inngest`);
    const executions = Array.from({ length: 50 }, () => newExecution(graph, { items: [{ json: { n: 1 } }] }));
    const acknowledged = await app.start(executions);
    expect(acknowledged).toHaveLength(50);

    const succeeded = async () =>
      Number((await pool.query("select count(*) from execution_step where status = 'succeeded'")).rows[0].count);
    const total = 50 * 8;
    // Three times, at different stages of the work.
    for (const share of [0.1, 0.4, 0.75]) {
      await until(`${share} of the steps are done`, async () => (await succeeded()) >= total * share, 30_000);
      await app.kill();
      app = await start();
    }

    const observe = new Observer(pool);
    for (const id of acknowledged) expect(await observe.ended(id, 40_000)).toMatchObject({ status: "succeeded", last_key: "E#0" });
    expect(await succeeded()).toBe(total);
    expect(await observe.violations()).toEqual([]);
    const again: string[] = [];
    let cut = 0;
    for (const id of acknowledged) {
      const steps = await observe.steps(id);
      for (const key of writes) {
        const done = steps.find((step) => step.key === key && step.status === "succeeded")!;
        if (effects.lastAt(`try ${id} ${key}`)! > done.finished_at!.getTime()) again.push(`${id} ${key}`);
        cut += effects.count(`try ${id} ${key}`) - 1;
      }
    }
    expect(again).toEqual([]);
    // Steps that the kills cut short were tried again; without one the test would prove nothing.
    expect(cut).toBeGreaterThan(0);
  });
});
