import http from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "inngest/node";
import pg from "pg";
import type { ExecutionEngine } from "@/server/execution/engine";
import { createInngestEngine } from "@/server/execution/inngest/engine";
import { logger } from "@/server/logger";
import { liveBus } from "@/server/realtime/bus";
import { inngest, sendEvents } from "../client";
import { functions } from "../functions";
import { createTestRun } from "./test-run";

export interface TestAppOptions {
  databaseUrl: string;
  inngestUrl: string;
  effectsUrl: string;
  port?: number;
}

/** The Inngest side of the app, behind a plain server: the functions, the engine, its database. */
export interface TestApp {
  url: string;
  engine: ExecutionEngine;
  pool: pg.Pool;
  close(): Promise<void>;
}

export async function startTestApp({ databaseUrl, inngestUrl, effectsUrl, port = 0 }: TestAppOptions): Promise<TestApp> {
  process.env.INNGEST_DEV = inngestUrl;
  inngest.setEnvVars({ INNGEST_DEV: inngestUrl });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  pool.on("error", () => {});
  const engine = createInngestEngine({
    pool,
    run: createTestRun(effectsUrl),
    bus: liveBus,
    logger,
    send: sendEvents,
    sweepEveryMs: 200,
    resendAfterMs: 1000,
  });
  const server = http.createServer(serve({ client: inngest, functions, servePath: "/api/inngest" }));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/inngest`,
    engine,
    pool,
    async close() {
      await engine.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
    },
  };
}
