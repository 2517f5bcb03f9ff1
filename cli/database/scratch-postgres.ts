import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type PostgresServer, startEmbeddedPostgres } from "./embedded-postgres";

/** A Postgres in a temporary folder, gone after use: nothing is kept, so nothing is synced to disk. */
export async function startScratchPostgres(): Promise<PostgresServer> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-scratch-"));
  const server = await startEmbeddedPostgres({
    directory: path.join(directory, "postgres"),
    password: "postgres",
    temporary: true,
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300", shared_buffers: "64MB" },
  });
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
