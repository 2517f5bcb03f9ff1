import http from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "inngest/node";
import pg from "pg";
import type { ExecutionEngine } from "@/server/execution/engine";
import { createInngestEngine, type InngestEngineOptions } from "@/server/execution/inngest/engine";
import { runningSteps } from "@/server/execution/inngest/runtime";
import { logger } from "@/server/logger";
import { liveBus } from "@/server/realtime/bus";
import { findRun, inngest, sendEvents } from "../client";
import { serveOptions } from "../serve-options";
import { createTestRun, effectRegistry } from "./test-run";

export interface TestAppOptions {
  databaseUrl: string;
  /** Of a server without keys; where it is absent, the environment says which. */
  inngestUrl?: string;
  /** What executions run; test nodes that have effects at `effectsUrl` where it is absent. */
  runs?: Pick<InngestEngineOptions, "run" | "registry">;
  effectsUrl?: string;
  port?: number;
}

/** The Inngest side of the app, behind a plain server: the functions, the engine, its database. */
export interface TestApp {
  origin: string;
  url: string;
  /** Another one after a restart. */
  readonly engine: ExecutionEngine;
  pool: pg.Pool;
  /** Loses the calls that are under way, and what this process knew of them. */
  crash(): void;
  /** Ends in order, as for an update, and begins again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestApp({ databaseUrl, inngestUrl, effectsUrl = "", runs, port = 0 }: TestAppOptions): Promise<TestApp> {
  if (inngestUrl !== undefined) process.env.INNGEST_DEV = inngestUrl;
  // The client was made before the test knew where its server is.
  inngest.setEnvVars();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  pool.on("error", () => {});
  const registry = effectRegistry(effectsUrl);
  const begin = () =>
    createInngestEngine({
      pool,
      ...(runs ?? { run: createTestRun(registry), registry }),
      bus: liveBus,
      logger,
      send: sendEvents,
      sweepEveryMs: 200,
      resendAfterMs: 1000,
      findRun,
      lostAfterMs: 2000,
      stopWithinMs: 2000,
    });
  let engine = begin();
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on("request", serve(serveOptions(origin)));
  return {
    origin,
    url: `${origin}/api/inngest`,
    get engine() {
      return engine;
    },
    pool,
    crash() {
      runningSteps.clear();
      server.closeAllConnections();
    },
    async restart() {
      await engine.stop();
      // What is still under way ends with the process.
      const left = [...runningSteps.values()];
      runningSteps.clear();
      server.closeAllConnections();
      for (const { controller } of left) controller.abort(new Error("The process ended"));
      engine = begin();
    },
    async close() {
      await engine.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
    },
  };
}
