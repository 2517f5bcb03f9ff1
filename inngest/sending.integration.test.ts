import http from "node:http";
import type { AddressInfo } from "node:net";
import net from "node:net";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import { sketch } from "@/flow/interpreter/testing/registry";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { type Effects, startEffects } from "./testing/effects";
import { addOrganization, newExecution, Observer, until } from "./testing/harness";
import { type KillableApp, startKillableApp } from "./testing/killable-app";

const graph = sketch({ Start: { type: "start" }, A: { type: "hit" }, B: { type: "hit" } }, ["Start -> A", "A -> B"]);

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

type Mode = "pass" | "refuse" | "500" | "hang";

/** Stands between the app and Inngest, and is in the way of events. */
async function startGate(target: () => string) {
  let mode: Mode = "pass";
  const seen: Mode[] = [];
  const server = http.createServer((request, response) => {
    const isEvent = request.url?.startsWith("/e/") ?? false;
    if (isEvent) seen.push(mode);
    if (isEvent && mode === "hang") return;
    if (isEvent && mode === "refuse") return void request.socket.destroy();
    if (isEvent && mode === "500") return void response.writeHead(500).end();
    const forwarded = http.request(
      new URL(request.url ?? "/", target()),
      { method: request.method, headers: request.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    set: (next: Mode) => {
      mode = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("an execution is recorded first and sent second", () => {
  let database: TestDatabase;
  let effects: Effects;
  let server: InngestServer;
  let gate: Awaited<ReturnType<typeof startGate>>;
  let pool: pg.Pool;
  let observe: Observer;
  let app: KillableApp | null = null;
  let port: number;

  const startApp = () =>
    startKillableApp({ DATABASE_URL: database.url, INNGEST_DEV: gate.url, EFFECTS_URL: effects.url, PORT: String(port) });

  beforeAll(async () => {
    database = await createTestDatabase();
    effects = await startEffects();
    server = await startInngestServer();
    gate = await startGate(() => server.url);
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on("error", () => {});
    observe = new Observer(pool);
    await addOrganization(pool);
    port = await freePort();
    app = await startApp();
    await server.sync(`http://127.0.0.1:${port}/api/inngest`);
  });
  afterAll(async () => {
    expect(await observe.violations()).toEqual([]);
    await app?.kill();
    await gate.close();
    await pool.end();
    await server.close();
    await effects.close();
    await database.drop();
  });

  const once = (id: string) => {
    for (const key of ["A#0", "B#0"]) expect([key, effects.count(`try ${id} ${key}`)]).toEqual([key, 1]);
  };

  it.each(["refuse", "500", "hang"] as const)(
    "and acknowledged when the send meets %s; it runs once sends work",
    { timeout: 60_000 },
    async (mode) => {
      gate.set(mode);
      gate.seen.length = 0;
      const execution = newExecution(graph);
      expect(await app!.start([execution])).toEqual([execution.id]);
      await until("it was tried to be sent", () => gate.seen.includes(mode));
      expect((await observe.execution(execution.id)).status).toBe("queued");
      gate.set("pass");
      expect(await observe.ended(execution.id, 40_000)).toMatchObject({ status: "succeeded" });
      once(execution.id);
    },
  );

  it("and sent by another process when the first was killed between the two", { timeout: 60_000 }, async () => {
    gate.set("hang");
    gate.seen.length = 0;
    const executions = Array.from({ length: 5 }, () => newExecution(graph));
    const acknowledged = await app!.start(executions);
    await until("they were on their way", () => gate.seen.length > 0);
    await app!.kill();
    gate.set("pass");
    app = await startApp();
    expect(acknowledged).toHaveLength(5);
    for (const id of acknowledged) {
      expect(await observe.ended(id, 40_000)).toMatchObject({ status: "succeeded" });
      once(id);
    }
  });
});
