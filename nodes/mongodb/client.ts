import { Binary, type Document } from "bson";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { Connect, Connection } from "@/flow/node/connection";
import { ServerFields } from "../server-fields";
import { within } from "../within";
import { Scram } from "./scram";
import { encodeMessage, MessageReader } from "./wire";

const MOST_HOSTS = 10;

/** Commands that are sent one after the other to the primary of a database. */
export interface MongoConnection {
  /** @throws FatalError for what the server refuses, an `Error` for what may pass */
  run(command: Document): Promise<Document>;
  close(): void;
}

interface Options {
  connect: Connect;
  signal?: AbortSignal;
  timeoutMs: number;
}

/** A refusal of the server's, by its code. */
export class MongoCommandError extends FatalError {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

/**
 * Opens a connection to the primary among a credential's hosts, as its user.
 * @throws FatalError for a credential that is wrong or refused, an `Error` for what may pass
 */
export async function connectMongo(given: Readonly<Record<string, string>>, options: Options): Promise<MongoConnection> {
  const fields = new ServerFields(given, "MongoDB");
  const database = fields.required("database", "db");
  const [user, password] = [fields.text("user", "username"), fields.secret("password")];
  const [authSource, tls, defaultPort] = [fields.text("auth_source", "authSource") ?? "admin", fields.tls(false), fields.port(27_017)];
  const waiting = fields
    .required("host")
    .split(",")
    .map((host) => hostAndPort(host.trim(), defaultPort));
  const tried = new Set<string>();
  let last: unknown;
  for (let target = waiting.shift(); target && tried.size < MOST_HOSTS; target = waiting.shift()) {
    const place = `${target.host}:${target.port}`;
    if (tried.has(place)) continue;
    tried.add(place);
    try {
      const socket = await options.connect({ ...target, ...(tls && { tls }), ...(options.signal && { signal: options.signal }) });
      const connection = speak(socket, `MongoDB at ${place}`, options);
      try {
        const hello = await connection.run({
          hello: 1,
          ...(user !== undefined && { saslSupportedMechs: `${authSource}.${user}` }),
          $db: "admin",
        });
        if (hello.isWritablePrimary === true) {
          if (user !== undefined) await login(connection, hello, { user, password: password ?? "", authSource });
          return { ...connection, run: (command) => connection.run({ ...command, $db: database }) };
        }
        last = new Error(`MongoDB at ${place}: it is not the primary of its replica set`);
        // A name that the server gives is dialled like any other: only where it may be.
        if (typeof hello.primary === "string") waiting.unshift(hostAndPort(hello.primary, defaultPort));
        connection.close();
      } catch (error) {
        connection.close();
        throw error;
      }
    } catch (error) {
      if (options.signal?.aborted || error instanceof MongoCommandError) throw error;
      last ??= error;
      if (waiting.length === 0) throw last;
    }
  }
  throw last ?? new Error("MongoDB: no host of the credential answers");
}

function hostAndPort(text: string, defaultPort: number): { host: string; port: number } {
  if (text.includes("/")) throw new FatalError('The field "host" of the MongoDB credential is an address: give the names of its hosts');
  const [, host = text, port] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(text) ?? [];
  return { host, port: port === undefined ? defaultPort : Number(port) };
}

function speak(socket: Connection, place: string, { signal, timeoutMs }: Options): MongoConnection {
  const reader = new MessageReader();
  let requestId = 0;
  let answer: ((document: Document) => void) | undefined;
  let broken: Error | undefined;
  socket.on("data", (piece: Buffer) => {
    try {
      for (const { responseTo, document } of reader.read(piece)) if (responseTo === requestId) answer?.(document);
    } catch (error) {
      broken = error as Error;
      socket.destroy();
    }
  });
  socket.on("error", (error: Error) => {
    broken ??= error;
  });
  return {
    async run(command) {
      if (socket.destroyed) throw new Error(`${place}: the connection is closed`);
      const message = encodeMessage(++requestId, command);
      const answered = new Promise<Document>((resolve) => {
        answer = resolve;
        socket.write(message);
      });
      let document: Document;
      try {
        document = await within(timeoutMs, socket, answered);
      } catch (error) {
        if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
        throw new Error(`${place}: ${(broken ?? (error as Error)).message}`);
      }
      const refusal = refusalOf(document, place);
      if (refusal) throw refusal;
      return document;
    },
    close: () => void socket.destroy(),
  };
}

/** Elections, shutdowns, lost hosts, conflicts: a second try may not meet them again. */
const PASSING = new Set([6, 7, 89, 91, 112, 189, 262, 317, 358, 9001, 10_107, 11_600, 11_602, 13_435, 13_436]);

function refusalOf(document: Document, place: string): Error | null {
  const written = document.writeErrors as Document[] | undefined;
  const said = Number(document.ok) === 1 ? written?.[0] : document;
  if (!said) return null;
  const code = Number(said.code ?? 0);
  const message = `${place}: ${String(said.errmsg ?? "it refuses")}${said.codeName ? ` [${String(said.codeName)}]` : code ? ` [${code}]` : ""}`;
  return PASSING.has(code) ? new Error(message) : new MongoCommandError(message, code);
}

async function login(
  { run }: MongoConnection,
  hello: Document,
  { user, password, authSource }: { user: string; password: string; authSource: string },
): Promise<void> {
  const offered = Array.isArray(hello.saslSupportedMechs) ? (hello.saslSupportedMechs as string[]) : [];
  const mechanism = offered.length > 0 && !offered.includes("SCRAM-SHA-256") ? "SCRAM-SHA-1" : "SCRAM-SHA-256";
  const scram = new Scram(mechanism, user, password);
  const binary = (text: string): Binary => new Binary(Buffer.from(text));
  const textOf = ({ payload }: Document): string => Buffer.from((payload as Binary).buffer).toString();
  const first = await run({
    saslStart: 1,
    mechanism,
    payload: binary(scram.first()),
    options: { skipEmptyExchange: true },
    $db: authSource,
  });
  const next = { saslContinue: 1, conversationId: first.conversationId, $db: authSource };
  const final = await run({ ...next, payload: binary(await scram.proof(textOf(first))) });
  scram.verify(textOf(final));
  if (final.done !== true) await run({ ...next, payload: binary("") });
}
