import { Readable } from "node:stream";
import { Client, FileType, FTPError } from "basic-ftp";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { Connect, Connection } from "@/flow/node/connection";
import { Collector, foldersTo, joined, type RemoteEntry, type RemoteFiles, tooLarge } from "../remote-files";
import { within } from "../within";
import { type FtpServer, ftpServer } from "./ftp-server";
import { openTransfers } from "./transfers";

interface Options {
  connect: Connect;
  signal?: AbortSignal;
  timeoutMs: number;
}

const MAX_LISTING_BYTES = 20 * 1024 * 1024;
const OPENING_MS = 30_000;
const TYPES: Partial<Record<FileType, RemoteEntry["type"]>> = {
  [FileType.Directory]: "folder",
  [FileType.File]: "file",
  [FileType.SymbolicLink]: "link",
};

/**
 * Opens the files of a credential's server.
 * @throws FatalError for a credential that is wrong or refused, an `Error` for what may pass
 */
export async function openFtp(given: Readonly<Record<string, string>>, options: Options): Promise<RemoteFiles> {
  const server = ftpServer(given);
  const place = `FTP at ${server.host}:${server.port}`;
  const client = new Client(options.timeoutMs, { allowSeparateTransferHost: false, maxListingBytes: MAX_LISTING_BYTES });
  const act = async <T>(work: () => Promise<T>, timeoutMs = options.timeoutMs): Promise<T> => {
    try {
      options.signal?.throwIfAborted();
      return await within(timeoutMs, client.ftp.socket, work());
    } catch (thrown) {
      throw readable(thrown, place, options.signal);
    }
  };
  // The library writes into the errors that end its connections, which some reasons of a signal do not take.
  const cancel = new AbortController();
  const abort = (): void => cancel.abort(new CancelledError());
  options.signal?.addEventListener("abort", abort, { once: true });
  const close = (): void => {
    options.signal?.removeEventListener("abort", abort);
    client.close();
  };
  const connect: Connect = (target) => options.connect({ ...target, signal: cancel.signal });
  try {
    options.signal?.throwIfAborted();
    await begin(client, server, connect);
    await act(() => logIn(client, server, connect), Math.min(options.timeoutMs, OPENING_MS));
  } catch (error) {
    close();
    throw error;
  }

  return {
    list: async (path) => {
      const entries = await act(() => client.list(argument(path)));
      return entries
        .filter(({ name }) => name !== "." && name !== ".." && name !== "" && !name.includes("/"))
        .map(({ name, type, size, modifiedAt }) => ({
          name,
          path: joined(path, name),
          type: TYPES[type] ?? "other",
          size,
          modifyTime: modifiedAt && !Number.isNaN(modifiedAt.getTime()) ? modifiedAt.toISOString() : null,
        }));
    },
    read: (path, maxBytes) =>
      act(async () => {
        // Asked for beforehand, since a transfer that is broken off takes the connection with it.
        const { code, message } = await client.sendIgnoringError(`SIZE ${argument(path)}`);
        if (code === 213 && Number.parseInt(message.slice(4), 10) > maxBytes) throw tooLarge(maxBytes);
        const collector = new Collector(maxBytes);
        await client.downloadTo(collector, argument(path));
        return collector.bytes();
      }),
    write: (path, content) => act(async () => void (await client.uploadFrom(Readable.from([Buffer.from(content)]), argument(path)))),
    rename: (from, to) => act(async () => void (await client.rename(argument(from), argument(to)))),
    deleteFile: (path) => act(async () => void (await client.remove(argument(path)))),
    deleteFolder: (path) => act(async () => void (await client.removeEmptyDir(argument(path)))),
    makeFolder: (path) =>
      act(async () => {
        let refused: unknown;
        for (const folder of foldersTo(path)) {
          refused = undefined;
          await client.send(`MKD ${argument(folder)}`).catch((error: unknown) => {
            if (!(error instanceof FTPError)) throw error;
            refused = error;
          });
        }
        // Servers refuse to make what is there, each in its own words.
        if (refused !== undefined && !(await isFolder(client, path))) throw refused;
      }),
    close,
  };
}

/** Behind some servers is a command line, to which a hyphen means something. */
const argument = (path: string): string => (path.startsWith("-") ? `./${path}` : path);

async function isFolder(client: Client, path: string): Promise<boolean> {
  const here = await client.pwd();
  const { code } = await client.sendIgnoringError(`CWD ${argument(path)}`);
  if (code >= 300) return false;
  await client.cd(here);
  return true;
}

/** Gives the library an open connection, in place of one that it would dial. */
async function begin(client: Client, { host, port, secure, tls }: FtpServer, connect: Connect): Promise<void> {
  const socket = await connect({ host, port, ...(secure === "implicit" && { tls }) });
  client.ftp.socket = socket as Connection & typeof client.ftp.socket;
}

async function logIn(client: Client, { host, user, password, secure, tls }: FtpServer, connect: Connect): Promise<void> {
  const { ftp } = client;
  await ftp.handle(undefined, (answer, task) => {
    if (answer instanceof Error) task.reject(answer);
    else if (answer.code >= 200 && answer.code < 300) task.resolve(answer);
    // "Ready in so many minutes."
    else task.reject(new FTPError({ ...answer, code: 421 }));
  });
  if (secure === "explicit") await beginTls(client, host, tls);
  client.prepareTransfer = openTransfers(connect, host, secure === "none" ? null : tls);
  await client.sendIgnoringError("OPTS UTF8 ON");
  await client.login(user, password);
  await client.useDefaultSettings();
}

async function beginTls(client: Client, host: string, { rejectUnauthorized = true, ca }: FtpServer["tls"]): Promise<void> {
  const plain = client.ftp.socket;
  // An address is no name that TLS could ask for.
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  try {
    await client.useTLS({ host, ...named, rejectUnauthorized, ...(ca !== undefined && { ca }) });
  } catch (error) {
    if (!(error instanceof FTPError)) throw error;
    throw Object.assign(new FatalError(`The server refuses TLS: ${error.message}`), {
      hint: 'To go on without, choose "none" for the field "secure" of the credential. Everybody on the way can then read the password and the files.',
    });
  } finally {
    // The library takes all listeners off a connection that it wraps, and an error without one ends the process.
    plain.on("error", () => {});
  }
}

/** 5xx is a refusal that stays one. */
function readable(thrown: unknown, place: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new CancelledError();
  const error = thrown as Error & { hint?: string };
  const message = error.message.startsWith(place) ? error.message : `${place}: ${error.message}`;
  if (error instanceof FatalError) return Object.assign(new FatalError(message, { cause: thrown }), error.hint && { hint: error.hint });
  if (!(error instanceof FTPError) || error.code < 500) return new Error(message, { cause: thrown });
  return Object.assign(
    new FatalError(message, { cause: thrown }),
    error.code === 530 && { hint: "Look at the user and the password of the credential." },
  );
}
