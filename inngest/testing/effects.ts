import http from "node:http";
import type { AddressInfo } from "node:net";

/** An outside system that counts what is done to it, by key. */
export interface Effects {
  url: string;
  count(key: string): number;
  /** Keys in the order in which they first came, with their counts. */
  all(): ReadonlyMap<string, number>;
  /** When each key last came, in milliseconds. */
  lastAt(key: string): number | undefined;
  close(): Promise<void>;
}

export async function startEffects(): Promise<Effects> {
  const counts = new Map<string, number>();
  const times = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const key = decodeURIComponent(request.url?.slice(1) ?? "");
    counts.set(key, (counts.get(key) ?? 0) + 1);
    times.set(key, Date.now());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (key) => counts.get(key) ?? 0,
    all: () => counts,
    lastAt: (key) => times.get(key),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
