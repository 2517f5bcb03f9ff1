import pg from "pg";
import { closeDb } from "@/server/db";
import { resetEnv } from "@/server/env";
import { closeSql } from "@/server/sql";
import { resumeFrom } from "../../../services/executions/resume-from";
import { createEmbeddedEngine } from "../../embedded/engine";
import { setEngine } from "../../get-engine";
import { STORM_ORGANIZATION } from "./storm-worker-protocol";

const ctx = { actor: { kind: "system", organizationId: STORM_ORGANIZATION }, requestId: "storm" } as const;

/** Somebody who mends flows: resumes executions that failed on the draft, by the service that the app calls. Runs none itself. */
export async function openResumer(databaseUrl: string) {
  process.env.DATABASE_URL = databaseUrl;
  resetEnv();
  const engine = await createEmbeddedEngine({
    connectionString: databaseUrl,
    capacity: 0,
    run: () => Promise.reject(new Error("It runs nothing")),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    liveBus: { isHeard: () => false, publish() {} },
  });
  setEngine(engine);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on("error", () => {});
  const status = async (id: string): Promise<string | null> => {
    try {
      const { rows } = await pool.query<{ status: string }>("select status from execution where id = $1", [id]);
      return rows[0]?.status ?? null;
    } catch {
      return null;
    }
  };
  return {
    /** Null while it cannot be: it has not failed yet, or the database is away. */
    async resume(id: string): Promise<string | null> {
      if ((await status(id)) !== "failed") return null;
      try {
        const { executionId } = await resumeFrom({ ctx, input: { id, target: "draft", idempotencyKey: "mended" } });
        return executionId;
      } catch {
        return null;
      }
    },
    async close(): Promise<void> {
      setEngine(null);
      await engine.stop();
      await Promise.all([pool.end(), closeDb(), closeSql()]);
    },
  };
}
