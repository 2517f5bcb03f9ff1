import net from "node:net";
import tls from "node:tls";
import { CancelledError } from "@/flow/execution/errors";
import type { Connect, ConnectTarget, TlsSettings } from "@/flow/node/connection";
import type { NodeContext } from "@/flow/node/context";
import { createHostCheck, type HostCheckOptions } from "./check-host";
import { NETWORK_ERRORS } from "./network-errors";

const CONNECT_MS = 15_000;

/**
 * The only way out for protocols that are not HTTP: looks the name up once, dials the address that was checked, and hands out the
 * open socket, so that a driver has nothing to look up or dial itself.
 */
export function createConnect(options: HostCheckOptions): Connect {
  const check = createHostCheck(options);
  return async (target) => {
    const { host, port, signal, timeoutMs = CONNECT_MS } = target;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return await open(target, check, signal ? AbortSignal.any([signal, timeout]) : timeout);
    } catch (error) {
      if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
      if (timeout.aborted) throw new Error(`No connection to ${host}:${port} came about within ${timeoutMs / 1000} s`);
      throw readable(error, host, port);
    }
  };
}

async function open(target: ConnectTarget, check: NodeContext["checkHost"], deadline: AbortSignal): Promise<net.Socket> {
  const { host, port, signal, tls: secure } = target;
  const { address, family } = await check(host, port);
  deadline.throwIfAborted();
  let socket: net.Socket = net.connect({ host: address, port, family, noDelay: true, keepAlive: true });
  await settled(socket, "connect", deadline);
  if (secure) {
    socket = tls.connect({ socket, ...tlsOptions(host, secure) });
    if (secure.awaitHandshake !== false) await settled(socket, "secureConnect", deadline);
  }
  if (signal) closeOnAbort(socket, signal);
  return socket;
}

/** What a TLS client is told: the name that the certificate is for, never the address that was dialled. */
function tlsOptions(host: string, { servername, session, awaitHandshake: _, ...rest }: TlsSettings): tls.ConnectionOptions {
  const name = servername ?? host;
  return {
    ...rest,
    ...(session && { session }),
    ...(net.isIP(name) === 0 && { servername: name }),
    host: name,
  };
}

/** Resolves with the event; destroys the socket when it fails, or when there is no more time. */
function settled(socket: net.Socket, event: "connect" | "secureConnect", deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error): void => {
      socket.off(event, done).off("error", done).off("close", closed);
      deadline.removeEventListener("abort", abort);
      if (!error) {
        resolve();
        return;
      }
      // What is said after this has no listener left.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const closed = (): void => done(Object.assign(new Error("The connection was closed"), { code: "ECONNRESET" }));
    const abort = (): void => done(new Error("aborted"));
    deadline.addEventListener("abort", abort, { once: true });
    socket
      .once(event, () => done())
      .once("error", done)
      .once("close", closed);
    if (deadline.aborted) abort();
  });
}

function closeOnAbort(socket: net.Socket, signal: AbortSignal): void {
  const close = (): void => void socket.destroy(signal.reason instanceof Error ? signal.reason : new CancelledError());
  signal.addEventListener("abort", close, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", close));
  // Between a driver's listeners there may be none, and an error without one ends the process.
  socket.on("error", () => {});
}

function readable(error: unknown, host: string, port: number): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (!(error instanceof Error) || typeof code !== "string") return error;
  return new Error(`No connection to ${host}:${port}: ${NETWORK_ERRORS[code] ?? error.message} (${code})`, { cause: error });
}
