import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** The outside world: remembers when each write began and ended, by its name. */
export class Outside {
  readonly begun = new Map<string, number[]>();
  readonly ended = new Map<string, number[]>();
  private readonly server = http.createServer((request, response) => {
    const [, phase = "", name = ""] = request.url!.split("/");
    if (phase === "broken") response.statusCode = 410;
    if (phase === "begin" || phase === "do") note(this.begun, name);
    if (phase === "end" || phase === "do") note(this.ended, name);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name }));
  });

  async open(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function note(log: Map<string, number[]>, name: string): void {
  log.set(name, [...(log.get(name) ?? []), Date.now()]);
}
