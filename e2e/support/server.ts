import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "@/cli/ports";

const command = path.resolve(import.meta.dirname, "../../cli/tolstoy.mjs");

export interface AppOptions {
  /** Free one by default. */
  port?: number;
  /** A new temporary folder by default, which `dispose` deletes. */
  dataDirectory?: string;
  environment?: Record<string, string>;
  /** Milliseconds until it must be ready; a start that has to build takes longest. */
  timeoutMs?: number;
}

export interface RunningApp {
  url: string;
  port: number;
  dataDirectory: string;
  /** The demo account's. */
  signIn: { email: string; password: string };
  /** Process ids of the command, the web server and Postgres. */
  pids(): { command: number; server: number; postgres: number | null };
  /** Everything that it printed so far. */
  output(): string;
  /** SIGTERM, and resolves once the command has ended. The data stays. */
  stop(): Promise<void>;
  /** SIGKILL to command and web server at once, as a crash would; resolves once they have gone. */
  kill(): Promise<void>;
  /** `stop`, then deletes a temporary data folder. */
  dispose(): Promise<void>;
}

/** Starts the built app as `npm start` does, on a data folder of its own. */
export async function startApp(options: AppOptions = {}): Promise<RunningApp> {
  const port = options.port ?? (await freePort());
  const dataDirectory = options.dataDirectory ?? mkdtempSync(path.join(os.tmpdir(), "tolstoy-e2e-"));
  const { NODE_OPTIONS: _, DATABASE_URL: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [command, "start"], {
    env: { ...inherited, PORT: String(port), DATA_DIR: dataDirectory, ...options.environment } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const output = await untilReady(child, options.timeoutMs ?? 240_000);
  const postmaster = path.join(dataDirectory, "postgres", "postmaster.pid");

  const app: RunningApp = {
    url: /Tolstoy is ready: (\S+)/.exec(output())?.[1] ?? "",
    port,
    dataDirectory,
    signIn: readSignIn(output()),
    pids() {
      const state = JSON.parse(readFileSync(path.join(dataDirectory, "app.json"), "utf8")) as { pid: number; serverPid: number };
      return { command: state.pid, server: state.serverPid, postgres: readPid(postmaster) };
    },
    output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exited;
    },
    async kill() {
      const { command: commandPid, server } = app.pids();
      for (const pid of [server, commandPid]) process.kill(pid, "SIGKILL");
      await exited;
    },
    async dispose() {
      await app.stop();
      if (!options.dataDirectory) rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
  return app;
}

async function untilReady(child: ChildProcess, timeoutMs: number): Promise<() => string> {
  let text = "";
  const read = () => text;
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`The app ${reason}:\n${text}`));
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      fail(`was not ready within ${timeoutMs / 1000} s`);
    }, timeoutMs);
    const keep = (chunk: Buffer) => {
      text += chunk.toString();
      // The sign-in follows the address; an empty line ends both.
      if (!/Tolstoy is ready:.*\n(.*\n)*\n/.test(text)) return;
      clearTimeout(timer);
      resolve(read);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended (${code}) before it was ready`);
    });
  });
}

function readSignIn(output: string): RunningApp["signIn"] {
  const [, email = "", password = ""] = /Sign in with:\s+(\S+)\s+(\S+)/.exec(output) ?? [];
  return { email, password };
}

function readPid(file: string): number | null {
  try {
    return Number(readFileSync(file, "utf8").split("\n")[0]);
  } catch {
    return null;
  }
}
