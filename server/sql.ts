import pg from "pg";
import { env } from "./env";
import { logger } from "./logger";

const holder = globalThis as unknown as { tolstoySql?: pg.Pool };

/**
 * Connections for the hot path, where the ORM costs four to eleven times as much. Give every statement a `name`, so that
 * the server prepares it once a connection. Made on first use.
 */
export const sql = (): pg.Pool => {
  holder.tolstoySql ??= createPool();
  return holder.tolstoySql;
};

function createPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: env().DATABASE_URL, max: 10, connectionTimeoutMillis: 10_000, application_name: "tolstoy" });
  // An idle connection that breaks is replaced by the pool; unheard, its error would end the process. So would that of one that
  // somebody holds and asks nothing of at that moment; its next statement then tells its holder.
  pool.on("error", (error) => logger.warn({ err: error }, "an idle database connection broke"));
  pool.on("connect", (client) => client.on("error", (error) => logger.warn({ err: error }, "a database connection broke")));
  return pool;
}

/** For processes and tests that end. */
export async function closeSql(): Promise<void> {
  const open = holder.tolstoySql;
  holder.tolstoySql = undefined;
  await open?.end();
}
