import pg from "pg";
import { createTestDatabase } from "@/server/testing/database";
import { createEmbeddedEngine, type EmbeddedEngine } from "../embedded/engine";
import { durableHarness } from "./durable-harness";
import { conform } from "./suite";

conform("embedded", ["durable", "aborts", "policies", "crashes", "stops"], async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  pool.on("error", () => {});
  let engines: EmbeddedEngine[] = [];
  return durableHarness(pool, async ({ run }) => {
    const open = () =>
      createEmbeddedEngine({
        connectionString: database.url,
        run,
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        liveBus: { isHeard: () => false, publish() {} },
        pollMs: 200,
        inMemoryWaitMs: 200,
        stopMs: 2000,
      });
    // Two, as behind a load balancer.
    engines = await Promise.all([open(), open()]);
    const stop = async () => void (await Promise.all(engines.map((engine) => engine.stop())));
    return {
      get engine() {
        return engines[0]!;
      },
      inMemory: async () => engines.reduce((sum, engine) => sum + engine.running, 0),
      // As it looks to a process that is taken for dead: others have its executions, and nothing that it writes counts.
      crash: async () => void (await pool.query("select engine_retire(id) from worker where not fenced")),
      async restart() {
        await stop();
        engines = await Promise.all([open(), open()]);
      },
      stop,
      async release() {
        await pool.end();
        await database.drop();
      },
    };
  });
});
