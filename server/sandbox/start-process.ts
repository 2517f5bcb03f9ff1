import { type ChildProcess, spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";

/**
 * CPU seconds after which the operating system ends a process, should it outlive its parent inside a builtin that never
 * returns. More than a process may have used when it gets its last job, plus the longest job.
 */
const CPU_SECONDS = 420;

/** By path from the repository root: bundlers rewrite `import.meta.url`. Real, because permissions are about real paths. */
export const sandboxRoot = (): string => realpathSync(process.env.TOLSTOY_ROOT ?? process.cwd());

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

/** A started process, however one talks to it. */
export interface GuestProcess {
  child: ChildProcess;
  send(message: object, done: (error: Error | null) => void): void;
  /** Everything that it says, in order. */
  listen(onMessage: (message: unknown) => void): void;
  /** Whether it keeps this process alive. */
  hold(keepsAlive: boolean): void;
}

const hold = (parts: readonly ({ ref?(): unknown; unref?(): unknown } | null | undefined)[], keepsAlive: boolean): void => {
  for (const part of parts) keepsAlive ? part?.ref?.() : part?.unref?.();
};

/** Starts a sandbox process for JavaScript; it says `{ ready: true }` once it takes jobs. */
export function startProcess(memoryBytes: number): GuestProcess {
  const base = sandboxRoot();
  const args = [
    ...permissionArguments(base),
    "--max-old-space-size=96",
    "--disallow-code-generation-from-strings",
    "--disable-proto=delete",
    "--stack-size=900",
    join(base, "server", "sandbox", "child.mjs"),
    String(memoryBytes),
  ];
  return talkByMessages(args, base);
}

/** Starts a process that removes types; it says `{ ready: true }` once it takes jobs. */
export function startTypeScriptProcess(): GuestProcess {
  const base = sandboxRoot();
  return talkByMessages(["--max-old-space-size=256", "--no-warnings", join(base, "server", "sandbox", "typescript-child.mjs")], base);
}

function talkByMessages(args: readonly string[], base: string): GuestProcess {
  const options = { stdio: ["ignore", "ignore", "ignore", "ipc"] as ("ignore" | "ipc")[], serialization: "json" as const, cwd: base };
  const child = spawnLimited(args, options, "");
  return {
    child,
    send: (message, done) => void child.send(message, done),
    listen: (onMessage) => void child.on("message", onMessage),
    hold: (keepsAlive) => hold([child, child.channel], keepsAlive),
  };
}

/** Runs Node with no environment, and where there is a shell with a limit on its CPU time. */
function spawnLimited(args: readonly string[], options: object, before: string): ChildProcess {
  if (process.platform === "win32") {
    return spawn(process.execPath, args, { ...options, env: { SystemRoot: process.env.SystemRoot } as unknown as NodeJS.ProcessEnv });
  }
  const limited = `ulimit -t ${CPU_SECONDS} 2>/dev/null; ${before}exec "$0" "$@"`;
  return spawn("/bin/sh", ["-c", limited, process.execPath, ...args], { ...options, env: {} as NodeJS.ProcessEnv });
}

/** Ends the process when the other end of its fourth stream closes: inside an endless loop it would not notice that its parent is gone. */
const ENDS_WITH_PARENT = "( read -r _ <&3; kill -9 $$ ) </dev/null >/dev/null 2>&1 & ";

/**
 * Starts a sandbox process for Python; it says `{ ready: true }` before every job. It reads jobs in place, which message channels
 * can't, so it talks by lines.
 */
export function startPythonProcess(memoryBytes: number): GuestProcess {
  const base = sandboxRoot();
  const args = [
    ...permissionArguments(base),
    `--wasm-max-mem-pages=${Math.floor(memoryBytes / 65_536)}`,
    "--max-old-space-size=96",
    "--disallow-code-generation-from-strings",
    join(base, "server", "sandbox", "python", "child.mjs"),
  ];
  const child = spawnLimited(args, { stdio: ["pipe", "pipe", "ignore", "pipe"], cwd: base }, ENDS_WITH_PARENT);
  const [input, output, , life] = child.stdio as unknown as [Socket | null, Socket | null, null, Socket | null];
  // A process that is gone closes its streams: the exit tells.
  for (const stream of [input, output, life]) stream?.on("error", () => {});
  child.once("exit", () => life?.destroy());
  return {
    child,
    send: (message, done) => void input?.write(`${JSON.stringify(message)}\n`, (error) => done(error ?? null)),
    listen: (onMessage) => readLines(output, (line) => onMessage(parsed(line))),
    hold: (keepsAlive) => hold([child, input, output, life], keepsAlive),
  };
}

function readLines(stream: Socket | null, onLine: (line: string) => void): void {
  let parts: string[] = [];
  stream?.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n");
    for (const line of lines.slice(0, -1)) {
      onLine(parts.join("") + line);
      parts = [];
    }
    parts.push(lines.at(-1) ?? "");
  });
}

/** What is no message counts as an answer that makes no sense. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return { error: { kind: "died" } };
  }
}
