import net from "node:net";
import { FatalError } from "@/flow/execution/errors";
import type { NodeContext } from "@/flow/node/context";
import { forbiddenRange } from "./address";
import { forbidden, type Resolve, systemResolve } from "./guarded-connector";

export interface HostCheckOptions {
  /** `host:port` or `host:from-to` entries that may be reached whatever their address. */
  allowlist: readonly string[];
  /** Stands in for the system's resolver in tests. */
  resolve?: Resolve;
}

/**
 * The guard of protocols that are not HTTP: looks a name up once and gives the address to connect to, so that a name which
 * changes its mind gains nothing. Any forbidden address among a name's addresses refuses it.
 */
export function createHostCheck({ allowlist, resolve = systemResolve }: HostCheckOptions): NodeContext["checkHost"] {
  const isAllowed = allowing(allowlist);
  return async (given, port) => {
    const host = given
      .trim()
      .toLowerCase()
      .replace(/^\[(.*)\]$/, "$1");
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new FatalError(`${port} is not a port: it must be 1 to 65535`);
    if (host === "" || !/^[a-z0-9._:%-]+$/.test(host)) throw new FatalError(`"${given.slice(0, 100)}" is not a host name`);
    const target = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
    const addresses = net.isIP(host) ? [{ address: host, family: net.isIP(host) }] : await lookUp(resolve, host);
    const range = isAllowed(target) ? undefined : addresses.map(({ address }) => forbiddenRange(address)).find((each) => each !== null);
    if (range) throw forbidden(target, range);
    const first = addresses.find(({ family }) => family === 4) ?? addresses[0];
    if (!first) throw new Error(`The host name ${host} is not known (ENOTFOUND)`);
    return { address: first.address, family: first.family === 6 ? 6 : 4 };
  };
}

/** Whether a `host:port` is on a list; FTP, for one, takes ports of a range. */
function allowing(allowlist: readonly string[]): (target: string) => boolean {
  const entries = allowlist.map((entry) => entry.trim().toLowerCase());
  const exact = new Set(entries);
  const ranges = entries.flatMap((entry) => {
    const [, host, from, to] = /^(.+):(\d+)-(\d+)$/.exec(entry) ?? [];
    return host === undefined ? [] : [{ prefix: `${host}:`, from: Number(from), to: Number(to) }];
  });
  return (target) => {
    const port = Number(target.slice(target.lastIndexOf(":") + 1));
    return exact.has(target) || ranges.some(({ prefix, from, to }) => target === `${prefix}${port}` && port >= from && port <= to);
  };
}

async function lookUp(resolve: Resolve, host: string): Promise<{ address: string; family: number }[]> {
  try {
    return await resolve(host);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    throw new Error(`The host name ${host} could not be looked up${code ? ` (${code})` : ""}`, { cause });
  }
}
