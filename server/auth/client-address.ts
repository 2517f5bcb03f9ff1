import diagnosticsChannel from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { env } from "../env";

/** Set by this process on every request, over whatever the sender wrote there. */
const HEADER = "x-tolstoy-client-address";

const holder = globalThis as unknown as { tolstoyClientAddress?: true };

/**
 * Notes each request's client address where route handlers can read it: those see headers only, and a header may be forged.
 * Call once, when the process starts, before it listens.
 */
export function recordClientAddresses(): void {
  if (holder.tolstoyClientAddress) return;
  holder.tolstoyClientAddress = true;
  diagnosticsChannel.subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[HEADER] = addressOf(request.socket.remoteAddress, request.headers["x-forwarded-for"], env().TRUST_PROXY);
  });
}

/**
 * The address that a request came from. Each trusted proxy appends the address that called it, so with `proxies` of them
 * the client is that many from the end of X-Forwarded-For; with none, that header is the sender's invention.
 */
export function addressOf(peer: string | undefined, forwardedFor: string | string[] | undefined, proxies: number): string {
  const hops = [forwardedFor ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((hop) => hop.trim())
    .filter(Boolean);
  const claimed = proxies > 0 ? hops.at(-Math.min(proxies, hops.length)) : undefined;
  return (claimed ?? peer ?? "unknown").replace(/^::ffff:/, "");
}

/** As noted by `recordClientAddresses`; `unknown` where nobody noted it. */
export const clientAddress = (headers: Headers): string => headers.get(HEADER) ?? "unknown";
