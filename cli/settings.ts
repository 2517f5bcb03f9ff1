import { existsSync } from "node:fs";
import path from "node:path";
import { type Environment, parseEnvironment } from "@/server/env";
import { projectRoot } from "./paths";

/**
 * Adds the project's `.env` to the environment, which wins. Commands run in any folder: `DATA_DIR` is made absolute, and the
 * server's code finds the files that it starts by `TOLSTOY_ROOT`.
 */
export function loadSettings(): void {
  const file = path.join(projectRoot, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  process.env.TOLSTOY_ROOT = projectRoot;
  process.env.DATA_DIR = path.resolve(projectRoot, process.env.DATA_DIR || ".data");
}

export const usesEmbeddedDatabase = (): boolean => !process.env.DATABASE_URL?.trim();

/** The settings before there is a database, whose URL is then a placeholder. */
export function readSettings(): Environment {
  return parseEnvironment({ ...process.env, ...(usesEmbeddedDatabase() ? { DATABASE_URL: "postgresql://embedded.invalid/tolstoy" } : {}) });
}

/** What the app is reached at. */
export const appUrl = ({ NEXTAUTH_URL, APP_URL, PORT }: Environment): string => NEXTAUTH_URL ?? APP_URL ?? `http://localhost:${PORT}`;

/** `HTTP_ALLOWLIST`; without a database of somebody's own, that is on a local machine, with the app itself: the examples call it. */
export function httpAllowlist({ HTTP_ALLOWLIST, PORT }: Environment): string[] {
  return usesEmbeddedDatabase() ? [...HTTP_ALLOWLIST, `localhost:${PORT}`, `127.0.0.1:${PORT}`] : HTTP_ALLOWLIST;
}
