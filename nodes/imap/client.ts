import { type FetchMessageObject, ImapFlow, type SearchObject } from "imapflow";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { NodeContext } from "@/flow/node/context";
import type { ImapServer } from "./imap-server";

/** A longer message is not read. */
export const MAX_MESSAGE_BYTES = 50 * 1024 * 1024;
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const CONNECT_MS = 20_000;
/** Messages that are asked for with one command. */
const BATCH = 200;

interface Options {
  checkHost: NodeContext["checkHost"];
  signal?: AbortSignal;
  timeoutMs: number;
}

/** A mailbox that is open. */
export interface OpenMailbox {
  path: string;
  /** As long as it stays the same, a UID means the same message. */
  uidValidity: string;
  uidNext: number;
  /** Flags that can be set for good. */
  exists: number;
}

export interface MailboxEntry {
  path: string;
  name: string;
  delimiter: string;
  /** What it is for: `\Sent`, `\Drafts`, … */
  specialUse: string | null;
  flags: string[];
}

/** What is known of a message without its contents. */
export type MessageSummary = Pick<FetchMessageObject, "uid" | "size" | "flags" | "envelope" | "internalDate">;

/** A connection to a mail server, as its user. Messages are named by UID and are those of the open mailbox. */
export interface MailServer {
  open(path: string, mode: "read" | "write"): Promise<OpenMailbox>;
  /** Ascending. */
  search(criteria: SearchObject): Promise<number[]>;
  /** Ascending; those that are there. */
  summaries(uids: readonly number[]): Promise<MessageSummary[]>;
  /**
   * The message as it was sent; null when it is not there.
   * @param size As the server has said it
   * @throws FatalError for one that is too large
   */
  source(uid: number, size: number | undefined): Promise<Buffer | null>;
  setFlag(uids: readonly number[], flag: string, isSet: boolean): Promise<void>;
  copy(uids: readonly number[], destination: string): Promise<void>;
  move(uids: readonly number[], destination: string): Promise<void>;
  /** For good where the server can do that with these alone; else they are marked as deleted. */
  remove(uids: readonly number[]): Promise<{ expunged: boolean }>;
  mailboxes(): Promise<MailboxEntry[]>;
  append(path: string, message: Buffer, flags: string[]): Promise<{ uid: number | null }>;
  close(): void;
}

/**
 * Logs in to a mail server.
 * @throws FatalError for what is wrong or refused, an `Error` for what may pass
 */
export async function openMailServer(server: ImapServer, { checkHost, signal, timeoutMs }: Options): Promise<MailServer> {
  const place = `IMAP at ${server.host}:${server.port}`;
  signal?.throwIfAborted();
  // What is connected to is the address that was checked; the name only proves the certificate.
  const { address } = await checkHost(server.host, server.port);
  /** The library answers "false" to what a server refuses, and says why to its log alone. */
  let refusal: unknown;
  const note = (entry: { err?: unknown }): void => {
    refusal ??= entry.err;
  };
  const client = new ImapFlow({
    host: address,
    ...(address !== server.host && { servername: server.host }),
    port: server.port,
    secure: server.secure === "implicit",
    ...(server.secure !== "implicit" && { doSTARTTLS: server.secure === "starttls" }),
    tls: { rejectUnauthorized: server.rejectUnauthorized, ...(server.ca !== undefined && { ca: server.ca }) },
    auth: { user: server.user, ...(server.accessToken ? { accessToken: server.accessToken } : { pass: server.password ?? "" }) },
    logger: { debug: () => {}, info: () => {}, warn: note, error: note },
    clientInfo: { name: "Tolstoy" },
    disableAutoIdle: true,
    disableAutoEnable: true,
    // What is sent small and becomes large here is not for others to decide.
    disableCompression: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: timeoutMs,
    maxLineLength: MAX_LINE_BYTES,
    maxLiteralSize: MAX_MESSAGE_BYTES + 1024 * 1024,
    maxResponseSize: MAX_MESSAGE_BYTES + MAX_LINE_BYTES,
  });
  // Without a listener it would end the process; what failed is told to whoever waits for it.
  client.on("error", (err: unknown) => note({ err }));
  const close = (): void => client.close();
  signal?.addEventListener("abort", close, { once: true });

  const act = async <T>(work: () => Promise<T | false | undefined>, limitMs = timeoutMs): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    refusal = undefined;
    try {
      signal?.throwIfAborted();
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`There was no answer within ${limitMs / 1000} s`));
          close();
        }, limitMs);
      });
      const working = work();
      working.catch(() => {});
      const result = await Promise.race([working, late]);
      if (result === false || result === undefined) throw refusal ?? new FatalError("The server refuses it");
      return result;
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
      throw readable(thrown, refusal, place);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    await act(() => client.connect().then(() => true), Math.min(timeoutMs, CONNECT_MS * 2));
  } catch (error) {
    signal?.removeEventListener("abort", close);
    close();
    throw error;
  }
  const byUid = { uid: true } as const;
  const batches = (uids: readonly number[]): string[] =>
    Array.from({ length: Math.ceil(uids.length / BATCH) }, (_, at) => uids.slice(at * BATCH, (at + 1) * BATCH).join(","));
  const each = async (uids: readonly number[], work: (range: string) => Promise<unknown>): Promise<void> => {
    for (const range of batches(uids)) await act(async () => (await work(range)) !== false);
  };
  const canExpunge = (): boolean => client.capabilities.has("UIDPLUS");

  return {
    async open(path, mode) {
      const mailbox = await act(() => client.mailboxOpen(path, { readOnly: mode === "read" }));
      if (mode === "write" && mailbox.readOnly) throw new FatalError(`${place}: the mailbox "${path}" can only be read`);
      const { uidValidity, uidNext, exists } = mailbox;
      return { path: mailbox.path, uidValidity: String(uidValidity), uidNext, exists };
    },
    async search(criteria) {
      const found = await act(() => client.search(criteria, byUid));
      return (Array.isArray(found) ? found : []).sort((one, other) => one - other);
    },
    async summaries(uids) {
      const wanted = new Set(uids);
      const found = new Map<number, MessageSummary>();
      for (const range of batches(uids)) {
        await act(async () => {
          const query = { uid: true, size: true, flags: true, envelope: true, internalDate: true };
          for await (const message of client.fetch(range, query, byUid)) {
            // Servers tell of changes of other messages in between.
            if (wanted.has(message.uid) && message.envelope) found.set(message.uid, message);
          }
          return true;
        });
      }
      return [...found.values()].sort((one, other) => one.uid - other.uid);
    },
    async source(uid, size = 0) {
      if (size > MAX_MESSAGE_BYTES) {
        throw new FatalError(`The message ${uid} has ${size} bytes, and more than ${MAX_MESSAGE_BYTES} are not read`);
      }
      const { message } = await act(async () => ({ message: await client.fetchOne(String(uid), { source: true }, byUid) }));
      return message ? (message.source ?? null) : null;
    },
    setFlag: (uids, flag, isSet) =>
      each(uids, (range) => (isSet ? client.messageFlagsAdd(range, [flag], byUid) : client.messageFlagsRemove(range, [flag], byUid))),
    copy: (uids, destination) => each(uids, (range) => client.messageCopy(range, destination, byUid)),
    move: (uids, destination) =>
      each(uids, async (range) => {
        if (client.capabilities.has("MOVE") || canExpunge()) return client.messageMove(range, destination, byUid);
        // Such a server can only remove everything that is marked as deleted, by whomever.
        const copied = await client.messageCopy(range, destination, byUid);
        return copied && client.messageFlagsAdd(range, ["\\Deleted"], byUid);
      }),
    async remove(uids) {
      const expunged = canExpunge();
      await each(uids, (range) => (expunged ? client.messageDelete(range, byUid) : client.messageFlagsAdd(range, ["\\Deleted"], byUid)));
      return { expunged };
    },
    async mailboxes() {
      const listed = await act(() => client.list());
      return listed.map(({ path, name, delimiter, specialUse, flags }) => ({
        path,
        name,
        delimiter,
        specialUse: specialUse ?? null,
        flags: [...flags],
      }));
    },
    async append(path, message, flags) {
      const { uid } = await act(() => client.append(path, message, flags));
      return { uid: uid ?? null };
    },
    close() {
      signal?.removeEventListener("abort", close);
      close();
    },
  };
}

interface ServerError extends Error {
  hint?: string;
  response?: string | false;
  responseText?: string;
  responseStatus?: string;
  serverResponseCode?: string;
  /** With which words the server left. */
  reason?: string;
  authenticationFailed?: boolean;
  mailboxMissing?: boolean;
}

/** What servers say that may be otherwise in a while. */
const PASSING = /^(UNAVAILABLE|INUSE|SERVERBUG|LIMIT|THROTTLED|OVERQUOTA)$/;

function readable(thrown: unknown, noted: unknown, place: string): Error {
  const error = thrown as ServerError;
  if (error.message.startsWith(place)) return error;
  // A closed connection is the end of a longer story.
  const isEnd = /^(Connection not available|Connection closed|Unexpected close)/i.test(error.message);
  const cause = isEnd && noted instanceof Error ? noted : error;
  const { responseStatus, serverResponseCode = "", authenticationFailed, mailboxMissing, hint } = error;
  const closed = isEnd && error.reason ? `the server closed the connection: ${error.reason}` : "";
  const said = error.responseText || error.response || closed || cause.message;
  const message = `${place}: ${mailboxMissing ? "there is no such mailbox: " : ""}${said}`;
  const isRefusal = authenticationFailed === true || responseStatus === "NO" || responseStatus === "BAD" || error.name === "FatalError";
  if (!isRefusal || PASSING.test(serverResponseCode)) return new Error(message, { cause: thrown });
  const advice = authenticationFailed
    ? "Look at the user and the password of the credential. Many providers want a password made for the app, or have IMAP switched off at first."
    : hint;
  return Object.assign(new FatalError(message, { cause: thrown }), advice && { hint: advice });
}
