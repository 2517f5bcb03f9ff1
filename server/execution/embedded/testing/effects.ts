import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

export interface Effects {
  url: string;
  /** What was done, in order: `begin 3-write0`, `end 3-write0`. */
  log: string[];
  close(): Promise<void>;
}

/** The outside world: a server that counts what is done to it. */
export async function startEffects(): Promise<Effects> {
  const log: string[] = [];
  const server = http.createServer((request, response) => {
    const [, phase, name] = request.url!.split("/");
    log.push(`${phase} ${name}`);
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Starts a process that runs executions; resolves once it has joined. */
export async function startWorkerProcess(databaseUrl: string, effectsUrl: string): Promise<ChildProcess> {
  const file = path.join(import.meta.dirname, "worker-process.ts");
  const child = fork(file, [databaseUrl, effectsUrl], { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`The worker process ended with ${code}`);
  });
  await Promise.race([once(child, "message"), failed]);
  failed.catch(() => {});
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
