import { type ChildProcess, spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";

/**
 * CPU seconds after which the operating system ends a process, should it outlive its parent inside a builtin that never
 * returns. More than a process may have used when it gets its last job, plus the longest job.
 */
const CPU_SECONDS = 420;

/** By path from the repository root: bundlers rewrite `import.meta.url`. Real, because permissions are about real paths. */
const root = (): string => realpathSync(process.env.TOLSTOY_ROOT ?? process.cwd());

const permissionFlag = (): string => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major < 22 || (major === 22 && minor < 13) ? "--experimental-permission" : "--permission";
};

/** A second wall, should the engine itself be broken out of: the process may read its own code and nothing else. */
export const permissionArguments = (base: string): string[] => [
  permissionFlag(),
  `--allow-fs-read=${join(base, "server", "sandbox", "*")}`,
  `--allow-fs-read=${join(base, "node_modules", "*")}`,
  `--allow-fs-read=${join(base, "package.json")}`,
  "--no-warnings",
];

/** Starts a sandbox process; it says `{ ready: true }` once it takes jobs. */
export function startProcess(memoryBytes: number): ChildProcess {
  const base = root();
  const args = [
    ...permissionArguments(base),
    "--max-old-space-size=96",
    "--disallow-code-generation-from-strings",
    "--disable-proto=delete",
    "--stack-size=900",
    join(base, "server", "sandbox", "child.mjs"),
    String(memoryBytes),
  ];
  const options = { stdio: ["ignore", "ignore", "ignore", "ipc"] as ("ignore" | "ipc")[], serialization: "json" as const, cwd: base };
  if (process.platform === "win32") {
    return spawn(process.execPath, args, { ...options, env: { SystemRoot: process.env.SystemRoot } as unknown as NodeJS.ProcessEnv });
  }
  const limited = `ulimit -t ${CPU_SECONDS} 2>/dev/null; exec "$0" "$@"`;
  return spawn("/bin/sh", ["-c", limited, process.execPath, ...args], { ...options, env: {} as NodeJS.ProcessEnv });
}
