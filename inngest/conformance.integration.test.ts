import pg from "pg";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import { durableHarness } from "@/server/execution/conformance/durable-harness";
import { conform } from "@/server/execution/conformance/suite";
import { runningSteps } from "@/server/execution/inngest/runtime";
import { createTestDatabase } from "@/server/testing/database";

// With an Inngest server of one's own in the environment (`INNGEST_BASE_URL` and its keys, or `INNGEST_DEV`) the behaviours are
// those of the real one; otherwise those of the stand-in.
const isReal = process.env.INNGEST_BASE_URL !== undefined || process.env.INNGEST_DEV !== undefined;

conform(isReal ? "inngest" : "inngest (stand-in)", ["durable", "aborts", "policies", "crashes", "stops"], async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  pool.on("error", () => {});
  return durableHarness(pool, async ({ run, registry }) => {
    const server: InngestServer | null = isReal ? null : await startInngestServer();
    const [{ startTestApp }, { registerInngest }] = await Promise.all([import("./testing/app"), import("./register")]);
    const app = await startTestApp({ databaseUrl: database.url, ...(server && { inngestUrl: server.url }), runs: { run, registry } });
    if (server) await server.sync(app.url);
    else await registerInngest({ origin: app.origin });
    return {
      get engine() {
        return app.engine;
      },
      inMemory: async () => runningSteps.size,
      crash: async () => app.crash(),
      restart: () => app.restart(),
      stop: () => app.engine.stop(),
      async release() {
        await app.close();
        await server?.close();
        await pool.end();
        await database.drop();
      },
    };
  });
});
