import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as wasm from "@prisma/schema-engine-wasm/schema_engine_bg";
import { schemaFile } from "../paths";
import { MigrationAdapterFactory } from "./migration-adapter";
import { readMigrations } from "./migration-files";

const filters = { externalTables: [], externalEnums: [] };

/** Prisma's migration planner. Only for development: deployments run the migrations' SQL. */
export interface SchemaPlanner {
  /** SQL from what the migrations make to what `schema.prisma` says; null when they agree. Replays in a shadow database. */
  diffMigrationsToSchema(): Promise<string | null>;
  close(): void;
}

/** @param databaseUrl any database on a server where a shadow database may be made; its content is not touched */
export async function openSchemaPlanner(databaseUrl: string): Promise<SchemaPlanner> {
  loadWasm();
  const schema = readFileSync(schemaFile, "utf8");
  const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(databaseUrl));
  const engine = await wasm.SchemaEngine.new({ datamodels: [["schema.prisma", schema]] }, () => {}, adapter);
  return {
    async diffMigrationsToSchema() {
      const result = await engine.diff({
        from: { tag: "migrations", ...migrationList() },
        to: { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: schema }] },
        script: true,
        exitCode: true,
        filters,
      });
      return result.exitCode === 2 ? (result.stdout ?? "") : null;
    },
    close: () => engine.free(),
  };
}

function migrationList() {
  return {
    baseDir: "prisma/migrations",
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: readMigrations().map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
    })),
  };
}

let loaded = false;

/** The package's own entry expects a bundler that imports wasm; Node instantiates it by hand. */
function loadWasm(): void {
  if (loaded) return;
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = readFileSync(path.join(path.dirname(entry), "schema_engine_bg.wasm"));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    "./schema_engine_bg.js": wasm as unknown as WebAssembly.ModuleImports,
  });
  (wasm as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void }).__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  loaded = true;
}
