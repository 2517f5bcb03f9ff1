import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { type SFTPWrapper, Client as Ssh } from "ssh2";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { Connect, Connection } from "@/flow/node/connection";
import { Collector, foldersTo, joined, type RemoteEntry, type RemoteFiles } from "../remote-files";
import { ServerFields } from "../server-fields";
import { within } from "../within";

interface Options {
  connect: Connect;
  signal?: AbortSignal;
  timeoutMs: number;
}

/** Each operation with the server's name in its error, and an end. */
function doing(place: string, socket: Connection, { signal, timeoutMs }: Options, isFinal: (error: Error) => boolean) {
  return async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await within(timeoutMs, socket, work);
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
      const error = thrown as Error;
      if (error.name === "FatalError") throw error;
      const message = `${place}: ${error.message}`;
      throw isFinal(error) ? new FatalError(message, { cause: thrown }) : new Error(message, { cause: thrown });
    }
  };
}

const S_IFMT = 0o170000;
const TYPES = new Map<number, RemoteEntry["type"]>([
  [0o040000, "folder"],
  [0o100000, "file"],
  [0o120000, "link"],
]);
/** SFTP's codes: no such file, not permitted, failure, bad message, not supported. */
const FINAL_SFTP = new Set([2, 3, 4, 5, 8]);

/**
 * Opens the files of a credential's server, when it is the one whose key the credential names.
 * @throws FatalError for a credential that is wrong or refused, an `Error` for what may pass
 */
export async function openSftp(given: Readonly<Record<string, string>>, options: Options): Promise<RemoteFiles> {
  const fields = new ServerFields(given, "SFTP");
  const [host, port, user] = [fields.required("host"), fields.port(22), fields.required("user", "username")];
  const [password, privateKey, passphrase] = [
    fields.secret("password"),
    fields.secret("private_key", "privateKey"),
    fields.secret("passphrase"),
  ];
  const expected = fields
    .text("fingerprint", "host_key")
    ?.replace(/^SHA256:/i, "")
    .replace(/=+$/, "");
  const place = `SFTP at ${host}:${port}`;
  const socket = await options.connect({ host, port, ...(options.signal && { signal: options.signal }) });
  const act = doing(place, socket, options, (error) => {
    const { code, level } = error as { code?: unknown; level?: unknown };
    return level === "client-authentication" || (typeof code === "number" && FINAL_SFTP.has(code));
  });
  const client = new Ssh();
  let stranger: FatalError | undefined;
  const opened = new Promise<SFTPWrapper>((resolve, reject) => {
    client.on("ready", () => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
    client.on("error", (error) => reject(stranger ?? error));
    client.connect({
      sock: socket as unknown as Readable,
      username: user,
      ...(password !== undefined && { password }),
      // Keys lose their line breaks on the way through forms.
      ...(privateKey !== undefined && { privateKey: privateKey.replaceAll("\\n", "\n") }),
      ...(passphrase !== undefined && { passphrase }),
      readyTimeout: 20_000,
      hostVerifier: (key: Buffer): boolean => {
        const actual = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
        if (actual === expected) return true;
        stranger = strangerAt(place, actual, expected);
        return false;
      },
    });
  });
  const close = (): void => {
    client.destroy();
    socket.destroy();
  };
  let sftp: SFTPWrapper;
  try {
    sftp = await act(opened);
  } catch (error) {
    close();
    throw stranger ?? error;
  }
  const call = <T = void>(start: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> =>
    act(new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value)))));
  return {
    list: async (path) => {
      const entries = await call<Parameters<Parameters<SFTPWrapper["readdir"]>[1]>[1]>((done) => sftp.readdir(path, done));
      return entries
        .filter(({ filename }) => filename !== "." && filename !== "..")
        .map(({ filename, attrs }) => ({
          name: filename,
          path: joined(path, filename),
          type: TYPES.get(attrs.mode & S_IFMT) ?? "other",
          size: attrs.size,
          modifyTime: new Date(attrs.mtime * 1000).toISOString(),
        }));
    },
    read: (path, maxBytes) =>
      act(
        new Promise((resolve, reject) => {
          const collector = new Collector(maxBytes);
          const stream = sftp.createReadStream(path).on("error", reject);
          collector.on("error", reject).on("finish", () => resolve(collector.bytes()));
          stream.pipe(collector);
        }),
      ),
    write: (path, content) =>
      act(
        new Promise((resolve, reject) => {
          sftp
            .createWriteStream(path)
            .on("error", reject)
            .on("close", () => resolve())
            .end(content);
        }),
      ),
    rename: (from, to) => call((done) => sftp.rename(from, to, (error) => done(error, undefined))),
    deleteFile: (path) => call((done) => sftp.unlink(path, (error) => done(error, undefined))),
    deleteFolder: (path) => call((done) => sftp.rmdir(path, (error) => done(error, undefined))),
    async makeFolder(path) {
      for (const folder of foldersTo(path)) {
        const isThere = await call((done) => sftp.stat(folder, (error) => done(error, undefined))).then(
          () => true,
          () => false,
        );
        if (!isThere) await call((done) => sftp.mkdir(folder, (error) => done(error, undefined)));
      }
    },
    close,
  };
}

/** A server that nobody vouched for is not told the password. */
function strangerAt(place: string, actual: string, expected: string | undefined): FatalError {
  const what =
    expected === undefined ? "the credential does not say which key the server has" : "the server has another key than the credential says";
  return Object.assign(new FatalError(`${place}: ${what}`), {
    hint: `Its key is SHA256:${actual}. If that is what the server's owner says, put it into the field "fingerprint" of the credential.`,
  });
}
