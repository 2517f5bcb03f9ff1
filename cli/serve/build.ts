import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../paths";

/** Folders and files that a build is made of. */
const sources = ["app", "components", "flow", "inngest", "nodes", "server", "prisma/schema.prisma"];
const ignored = /(\.test\.tsx?|\.md)$|[\\/]testing[\\/]/;

const onlyForTests = /^(next-env\.d|vitest|playwright)/;

const buildDirectory = () => path.join(projectRoot, process.env.NEXT_DIST_DIR || ".next");
const stampFile = () => path.join(buildDirectory(), "tolstoy-sources");

/** Whether the last build was made of the sources as they are. */
export function isBuildCurrent(): boolean {
  const file = stampFile();
  return existsSync(path.join(buildDirectory(), "BUILD_ID")) && existsSync(file) && readFileSync(file, "utf8") === fingerprint();
}

/** Remembers what the build was made of. Take the fingerprint before building: sources may change meanwhile. */
export function stampBuild(madeOf: string): void {
  writeFileSync(stampFile(), madeOf);
}

/** SHA-256 over the sources, the configuration beside them, and the variables that a build inlines. */
export function fingerprint(): string {
  const hash = createHash("sha256");
  // Not tsconfig.json: the framework rewrites it as it builds.
  const configuration = readdirSync(projectRoot).filter(
    (name) => /\.(ts|mjs)$|^package-lock\.json$/.test(name) && !onlyForTests.test(name),
  );
  for (const file of [...sources, ...configuration].flatMap((name) => filesOf(name)).sort()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(projectRoot, file)))
      .update("\0");
  }
  const inlined = Object.entries(process.env).filter(([name]) => name.startsWith("NEXT_PUBLIC_"));
  return hash.update(JSON.stringify(inlined.sort())).digest("hex");
}

function filesOf(name: string): string[] {
  const target = path.join(projectRoot, name);
  if (!existsSync(target)) return [];
  if (path.extname(name) !== "") return [name];
  return readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)))
    .filter((file) => !ignored.test(file));
}
