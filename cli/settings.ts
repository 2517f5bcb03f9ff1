import { existsSync } from "node:fs";
import path from "node:path";
import { type Environment, parseEnvironment } from "@/server/env";
import { projectRoot } from "./paths";

/** Adds the project's `.env` to the environment, which wins, and makes `DATA_DIR` absolute: commands run in any folder. */
export function loadSettings(): void {
  const file = path.join(projectRoot, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  process.env.DATA_DIR = path.resolve(projectRoot, process.env.DATA_DIR || ".data");
}

export const usesEmbeddedDatabase = (): boolean => !process.env.DATABASE_URL?.trim();

/** The settings before there is a database, whose URL is then a placeholder. */
export function readSettings(): Environment {
  return parseEnvironment({ ...process.env, ...(usesEmbeddedDatabase() ? { DATABASE_URL: "postgresql://embedded.invalid/tolstoy" } : {}) });
}
