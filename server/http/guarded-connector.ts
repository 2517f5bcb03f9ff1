import dns from "node:dns";
import net, { type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { FatalError } from "@/flow/execution/errors";
import { forbiddenRange } from "./address";

export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;

export const systemResolve: Resolve = (hostname) => dns.promises.lookup(hostname, { all: true, verbatim: true });

/** `host:port` as URLs spell it: lower case, IPv6 in brackets. */
const hostAndPort = (url: Pick<URL, "hostname" | "port" | "protocol">): string =>
  `${url.hostname.toLowerCase()}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;

const bare = (hostname: string): string => (hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);

export const forbidden = (target: string, range: string): FatalError =>
  Object.assign(
    new FatalError(`Requests to ${target} are not allowed: it is ${range === "invalid" ? "not a valid" : `a ${range}`} address`),
    {
      hint: `Whoever runs this installation can permit it by adding ${target} to HTTP_ALLOWLIST.`,
    },
  );

/**
 * Connects only to addresses that may be reached. The address that is checked is the one that is connected to: names are
 * resolved here, once per connection, so a name that changes its mind between check and use gains nothing.
 */
export function guardedConnector(
  isAllowlisted: (target: string) => boolean,
  options: { connectTimeoutMs: number; rejectUnauthorized: boolean; resolve?: Resolve },
): buildConnector.connector {
  const resolve = options.resolve ?? systemResolve;
  const base = { timeout: options.connectTimeoutMs, rejectUnauthorized: options.rejectUnauthorized, allowH2: false };

  const checkedLookup =
    (target: string, free: boolean): LookupFunction =>
    (hostname, lookup, callback) => {
      resolve(hostname).then(
        (addresses) => {
          const bad = free ? undefined : addresses.map(({ address }) => forbiddenRange(address)).find((range) => range !== null);
          if (bad) return callback(forbidden(target, bad), []);
          const [first] = addresses;
          if (!first) return callback(Object.assign(new Error(`${hostname} has no address`), { code: "ENOTFOUND" }), []);
          if (lookup.all) callback(null, addresses);
          else callback(null, first.address, first.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
    };

  return (connection, callback) => {
    const target = hostAndPort(connection);
    const free = isAllowlisted(target);
    const host = bare(connection.hostname);
    if (!free && net.isIP(host)) {
      const range = forbiddenRange(host);
      if (range) return callback(forbidden(target, range), null);
    }
    const connect = buildConnector({ ...base, lookup: checkedLookup(target, free) });
    connect(connection, (error, socket) => {
      if (error || !socket) return callback(error ?? new Error("No connection"), null);
      // The last word has the socket itself, whatever the resolver said.
      const range = free ? null : forbiddenRange(socket.remoteAddress ?? "");
      if (!range) return callback(null, socket);
      socket.destroy();
      callback(forbidden(target, range), null);
    });
  };
}
