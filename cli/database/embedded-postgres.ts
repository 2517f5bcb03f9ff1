import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort, isPortOpen } from "../ports";
import { isAlive, isRunning } from "../processes";
import { findPostgresBinaries } from "./postgres-binaries";
import { type Unprivileged, unprivilegedUser } from "./unprivileged";

export interface EmbeddedPostgresOptions {
  /** Where its data is, made when missing. Its parent exists. */
  directory: string;
  /** Password of the superuser `postgres`; fixed when the data directory is made. */
  password: string;
  /** Without one: `preferredPort`, or any that is free. */
  port?: number;
  preferredPort?: number;
  /** More settings, e.g. `{ fsync: "off" }`. */
  settings?: Record<string, string>;
  /** Delete the directory once the server has stopped, also when this process was killed. */
  temporary?: boolean;
}

export interface PostgresServer {
  port: number;
  /** False when it was running already, and so is another's to stop. */
  owned: boolean;
  url(database: string): string;
  /** Resolves once it has gone. */
  stop(): Promise<void>;
  /** Called when it ended without being asked to. */
  onExit(listener: (log: string) => void): void;
}

/**
 * Starts Postgres from its npm package, or joins the one that already runs on this directory. It listens on 127.0.0.1 only
 * and ends with this process, however that ends.
 * @throws Error with one line that names the port or quotes Postgres' reason
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<PostgresServer> {
  const running = await waitForPredecessor(options);
  if (running) return join(running, options);
  if (options.port && (await isPortOpen(options.port))) {
    throw new Error(`Port ${options.port} is already in use. Set PG_PORT to a free one for the embedded Postgres, or DATABASE_URL.`);
  }
  const binaries = await findPostgresBinaries();
  const user = unprivilegedUser([binaries.postgres, options.directory]);
  if (!existsSync(path.join(options.directory, "PG_VERSION"))) await initialise(binaries.initdb, user, options);
  if (options.port) return launch(binaries.postgres, user, options.port, options);
  for (let attempt = 1; ; attempt++) {
    // Another start may take the port between the look and the launch: the next attempt looks for one of its own.
    const port = await freePort(attempt === 1 ? options.preferredPort : undefined);
    try {
      return await launch(binaries.postgres, user, port, options);
    } catch (error) {
      if (attempt === 3 || !(error instanceof PortTakenError)) throw error;
    }
  }
}

class PortTakenError extends Error {
  override name = "PortTakenError";
}

/** Port of the server that runs on this data directory; null when none does. */
export async function runningPostgresPort(directory: string): Promise<number | null> {
  const lock = readLock(directory);
  return lock && (await isPortOpen(lock.port)) ? lock.port : null;
}

export function postgresUrl(port: number, password: string, database: string): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Uses the server of another process, for as long as that keeps it. */
function join(port: number, { directory, password }: EmbeddedPostgresOptions): PostgresServer {
  let watch: NodeJS.Timeout | undefined;
  return {
    ...describe(port, password),
    owned: false,
    stop: async () => clearInterval(watch),
    onExit(listener) {
      watch = setInterval(() => {
        if (readLock(directory)) return;
        clearInterval(watch);
        listener("the process that it belongs to stopped it");
      }, 1_000);
      watch.unref();
    },
  };
}

const describe = (port: number, password: string) => ({ port, url: (database: string) => postgresUrl(port, password, database) });

/** The server that runs on this directory. A number that means another program by now (after a reboot) is none. */
function readLock(directory: string): { pid: number; port: number } | null {
  const file = path.join(directory, "postmaster.pid");
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  const pid = Number(lines[0]);
  return isAlive(pid) && isRunning(pid, /postgres -D /) ? { pid, port: Number(lines[3]) } : null;
}

/** A server whose owner was killed is on its way out: wait for that instead of joining it. */
async function waitForPredecessor({ directory, password }: EmbeddedPostgresOptions): Promise<number | null> {
  const owner = `${directory}.owner`;
  const ownerPid = existsSync(owner) ? Number(readFileSync(owner, "utf8")) : 0;
  const deadline = Date.now() + 20_000;
  for (;;) {
    const lock = readLock(directory);
    if (!lock) break;
    if (ownerPid && isAlive(ownerPid) && (await answers(postgresUrl(lock.port, password, "postgres")))) return lock.port;
    if (Date.now() > deadline)
      throw new Error(`A Postgres that nobody owns runs on ${directory}: end process ${lock.pid} and start again.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  rmSync(path.join(directory, "postmaster.pid"), { force: true });
  return null;
}

async function initialise(initdb: string, user: Unprivileged, { directory, password }: EmbeddedPostgresOptions): Promise<void> {
  // Half a directory is what an interrupted first start leaves.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  user.own(directory);
  user.own(passwordFile);
  const args = [
    "-D",
    directory,
    "-U",
    "postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
  ];
  const [program = "", ...rest] = [...user.prefix, initdb, ...args];
  try {
    await promisify(execFile)(program, rest, { uid: user.uid, gid: user.gid, cwd: "/" });
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`Postgres could not make its data directory: ${lastLine((error as { stderr?: string }).stderr ?? String(error))}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

// The shell outlives a killed parent for as long as it takes to stop Postgres: end of input means the parent has gone.
const guard = `
exec 3<&0
"$@" </dev/null &
server=$!
{ read -r _ <&3; kill -INT $server 2>/dev/null; } &
watcher=$!
wait $server
code=$?
kill $watcher 2>/dev/null
[ -z "$TEMPORARY" ] || rm -rf "$TEMPORARY" "$TEMPORARY.owner"
exit $code`;

async function launch(postgres: string, user: Unprivileged, port: number, options: EmbeddedPostgresOptions): Promise<PostgresServer> {
  const { directory, password, temporary } = options;
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...options.settings };
  const command = [...user.prefix, postgres, "-D", directory, "-p", String(port)];
  for (const [name, value] of Object.entries(settings)) command.push("-c", `${name}=${value}`);
  writeFileSync(`${directory}.owner`, String(process.pid));
  if (temporary) user.own(`${directory}.owner`);
  const onWindows = process.platform === "win32";
  const [program = "", ...args] = onWindows ? command : ["/bin/sh", "-c", guard, "postgres", ...command];
  const child = spawn(program, args, {
    cwd: onWindows ? undefined : "/",
    // Its own process group: Ctrl-C in a terminal reaches us only, and we stop it after those who use it.
    detached: !onWindows,
    uid: user.uid,
    gid: user.gid,
    stdio: ["pipe", "pipe", "pipe"],
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C", ...(temporary ? { TEMPORARY: directory } : {}) },
  });
  const log = collectLog(child);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let stopping = false;
  const server: PostgresServer = {
    ...describe(port, password),
    owned: true,
    async stop() {
      stopping = true;
      if (onWindows) child.kill();
      else child.stdin?.end();
      await exited;
      rmSync(`${directory}.owner`, { force: true });
      if (temporary) rmSync(directory, { recursive: true, force: true });
    },
    onExit: (listener) => void exited.then(() => stopping || listener(lastLine(log()))),
  };
  await waitUntilReady(server, directory, child, log);
  return server;
}

/** Whether the server on this directory has noted that it takes connections: the last line of its lock file. */
function saysReady(directory: string): boolean {
  try {
    return readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n")[7]?.startsWith("ready") ?? false;
  } catch {
    return false;
  }
}

function collectLog(child: ChildProcess): () => string {
  let tail = "";
  const keep = (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-8_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => tail;
}

async function waitUntilReady(server: PostgresServer, directory: string, child: ChildProcess, log: () => string): Promise<void> {
  let failure: string | null = null;
  child.once("error", (error) => {
    failure = error.message;
  });
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (failure ?? child.exitCode !== null) {
      const reason = failure ?? lastLine(log());
      throw new (/could not (bind|create any TCP)/.test(reason) ? PortTakenError : Error)(`Postgres did not start: ${reason}`);
    }
    // Its own word first: on the port, another server might answer.
    if (saysReady(directory) && (await answers(server.url("postgres")))) return;
    if (Date.now() > deadline) {
      await server.stop();
      throw new Error(`Postgres did not answer within a minute: ${lastLine(log())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: it answers, but with another password. That does not mend itself by waiting.
    if ((error as { code?: string }).code === "28P01")
      throw new Error("The embedded Postgres has another password than the data folder's secrets.json.");
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** What Postgres said last that says why. */
function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return lines.findLast((line) => /FATAL|PANIC|ERROR|error/.test(line))?.trim() ?? lines.at(-1)?.trim() ?? "no reason given";
}
