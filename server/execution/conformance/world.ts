import http from "node:http";
import type { AddressInfo } from "node:net";

/** What is outside of executions, and keeps note of what they do to it. */
export interface World {
  /** `begin A 1`, `end A`, `abort A`: what nodes did, in order, with their attempt. */
  readonly log: readonly string[];
  /** `host:port` of a server that never answers. */
  readonly silentHost: string;
  note(line: string): void;
  /** How often a line was noted. */
  count(line: string): number;
  /** Resolves once the line was noted. */
  noted(line: string): Promise<void>;
  /** Resolves when somebody opens the door, also when that was before; rejects when the signal aborts. */
  behind(door: string, signal: AbortSignal): Promise<void>;
  open(door: string): void;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const log: string[] = [];
  const listeners = new Set<() => void>();
  const opened = new Set<string>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const once = (holds: () => boolean, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        listeners.delete(look);
        signal?.removeEventListener("abort", aborted);
        done();
      };
      const aborted = () => settle(() => reject(signal?.reason));
      const look = () => {
        if (holds()) settle(resolve);
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", aborted, { once: true });
      listeners.add(look);
      look();
    });
  const note = (line: string) => {
    log.push(line);
    changed();
  };
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(request.url?.slice(1) ?? "");
    note(`call ${name}`);
    response.on("close", () => note(`hung up ${name}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    log,
    silentHost: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    note,
    count: (line) => log.filter((each) => each === line).length,
    noted: (line) => once(() => log.includes(line)),
    behind: (door, signal) => once(() => opened.has(door), signal),
    open(door) {
      opened.add(door);
      changed();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
