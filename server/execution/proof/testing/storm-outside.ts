import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** When a write was sent, by its sender's clock (milliseconds): without it, the outside world takes none. */
export const SENT_AT = "x-sent-at";

/**
 * The outside world: remembers when each write was sent and when it ended, by its name. What a process sent before it died may be
 * heard seconds later, from a connection that was not accepted yet: the hour of its arrival says nothing about who began it.
 */
export class Outside {
  readonly begun = new Map<string, number[]>();
  readonly ended = new Map<string, number[]>();
  private readonly server = http.createServer((request, response) => {
    const [, phase = "", name = ""] = request.url!.split("/");
    const sentAt = Number(request.headers[SENT_AT]);
    if (phase === "broken") response.statusCode = 410;
    if (phase === "begin" || phase === "do") {
      if (sentAt > 0) note(this.begun, name, sentAt);
      else response.statusCode = 400;
    }
    if (phase === "end" || (phase === "do" && sentAt > 0)) note(this.ended, name, Date.now());
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

function note(log: Map<string, number[]>, name: string, at: number): void {
  log.set(name, [...(log.get(name) ?? []), at]);
}
