import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { migrationsDirectory } from "../paths";

export interface MigrationFile {
  /** `20261120000000_init` */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma records it. */
  checksum: string;
}

/** The migrations folder in order of application. */
export function readMigrations(): MigrationFile[] {
  if (!existsSync(migrationsDirectory)) return [];
  return readdirSync(migrationsDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(sqlFile(entry.name)))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(sqlFile(name), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/** @returns the path of the new migration's SQL file */
export function writeMigration(name: string, sql: string): string {
  const file = sqlFile(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, sql);
  return file;
}

const sqlFile = (name: string) => path.join(migrationsDirectory, name, "migration.sql");
