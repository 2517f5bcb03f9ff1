import http from "node:http";
import type { AddressInfo } from "node:net";

/** A server that nothing should reach, or that remembers what it was sent. */
export interface Canary {
  port: number;
  host: string;
  url: string;
  /** First lines, headers and bodies, in the order of their coming; connections that sent nothing are empty. */
  readonly seen: string[];
  /** Connections, whether they said something or not. */
  connections(): number;
  /** JSON to answer with; `base` is the address that was asked for, without what well-known paths add. */
  answer: (path: string, base: string) => unknown;
  close(): Promise<void>;
}

export async function startCanary(address = "127.0.0.1"): Promise<Canary> {
  const seen: string[] = [];
  let connections = 0;
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${Buffer.concat(chunks).toString("latin1")}`);
    const path = request.url ?? "/";
    const base = `${canary.url}${path.replace("/.well-known/openid-configuration", "")}`;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(canary.answer(path, base)));
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const host = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  const canary: Canary = {
    port,
    host,
    url: `http://${host}`,
    seen,
    connections: () => connections,
    answer: () => ({}),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return canary;
}
