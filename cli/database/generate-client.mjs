// Runs after every install, also where development packages are absent: plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

let prisma;
try {
  prisma = path.join(path.dirname(createRequire(import.meta.url).resolve("prisma/package.json")), "build/index.js");
} catch {
  // `npm install --package-lock-only` and the like: nothing is there to generate with.
  process.exit(0);
}

// Generating runs no engine, and yet downloads one unless this names a file that exists.
const environment = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1", ...process.env };
const result = spawnSync(process.execPath, [prisma, "generate", "--no-hints"], {
  cwd: root,
  stdio: ["ignore", "pipe", "pipe"],
  env: environment,
});
if (result.status !== 0) process.stderr.write(Buffer.concat([result.stdout, result.stderr]));
process.exit(result.status ?? 1);
