import { type Client, FTPError, type FTPResponse } from "basic-ftp";
import { FatalError } from "@/flow/execution/errors";
import type { Connect, Connection, TlsSettings } from "@/flow/node/connection";

type Context = Client["ftp"];
type DataSocket = NonNullable<Context["dataSocket"]>;

/** How a server says at which port it waits for the connection of a file. */
interface PassiveMode {
  command: "EPSV" | "PASV";
  /** Null for an answer that says none. */
  port: (answer: string) => number | null;
}

const MODES: readonly PassiveMode[] = [
  { command: "EPSV", port: (answer) => portOf(/\(([!-~])\1\1(\d{1,5})\1\)/.exec(answer)?.[2]) },
  {
    command: "PASV",
    port: (answer) => {
      const [, high, low] = /\d{1,3},\d{1,3},\d{1,3},\d{1,3},(\d{1,3}),(\d{1,3})/.exec(answer) ?? [];
      return high === undefined || Number(high) > 255 || Number(low) > 255 ? null : portOf(`${Number(high) * 256 + Number(low)}`);
    },
  },
];

const portOf = (text: string | undefined): number | null => {
  const port = Number(text ?? Number.NaN);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null;
};

/**
 * Opens the connection of a file, in the place of the library: through the guard, and to the machine that the commands go to, whatever
 * host the server names. The first of the modes that works is kept.
 * @param tls How it is secured; null for not at all.
 */
export function openTransfers(connect: Connect, host: string, tls: TlsSettings | null): (ftp: Context) => Promise<FTPResponse> {
  let modes = MODES;
  return async (ftp) => {
    let failure: unknown;
    for (const mode of modes) {
      try {
        const answer = await ftp.request(mode.command);
        const port = mode.port(answer.message);
        if (port === null) throw new Error(`The answer to ${mode.command} names no port: ${answer.message}`);
        ftp.dataSocket = (await connectBeside(ftp, { connect, host, port, tls })) as Connection & DataSocket;
        modes = [mode];
        return answer;
      } catch (error) {
        if (error instanceof FatalError || ftp.closed) throw error;
        failure = error;
      }
    }
    throw failure instanceof FTPError ? new Error(`No connection for files came about: ${failure.message}`, { cause: failure }) : failure;
  };
}

async function connectBeside(
  ftp: Context,
  { connect, host, port, tls }: { connect: Connect; host: string; port: number; tls: TlsSettings | null },
): Promise<Connection> {
  const address = ftp.socket.remoteAddress;
  if (address === undefined) throw new Error("The connection is closed");
  const session = ftp.tlsSessionStore ?? ("getSession" in ftp.socket ? ftp.socket.getSession() : undefined);
  const secure = tls && {
    tls: { servername: host, ...tls, ...(session && { session }), awaitHandshake: false as const },
  };
  let connection: Connection;
  try {
    connection = await connect({ host: address, port, ...secure });
  } catch (error) {
    // A private address may be allowed by its name only.
    if (!(error instanceof FatalError) || address === host) throw error;
    connection = await connect({ host, port, ...secure });
    if ((connection as Partial<DataSocket>).remoteAddress !== address) {
      connection.destroy();
      throw new Error(`${host} is another machine now than the one that was logged in to`);
    }
  }
  connection.on("error", () => {});
  // Servers that want to see the same session again may give a new ticket for it with each connection.
  if (secure)
    connection.on("session", (ticket: Buffer) => {
      ftp.tlsSessionStore = ticket;
    });
  return connection;
}
