import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { Connect } from "@/flow/node/connection";
import { ServerFields } from "../server-fields";
import { within } from "../within";
import { encodeCommand, RedisError, type Reply, ReplyReader } from "./resp";

const ANSWER_MS = 30_000;
const MAX_BYTES = 50 * 1024 * 1024;

/** Commands that are sent one after the other on one connection. */
export interface RedisConnection {
  /** @throws FatalError for what the server refuses */
  send(...command: [string, ...(string | number)[]]): Promise<Exclude<Reply, RedisError>>;
  close(): void;
}

/**
 * Opens a connection to the server of a credential, as its user and in its database.
 * @throws FatalError for a credential that is wrong or refused, an `Error` for what may pass
 */
export async function connectRedis(
  given: Readonly<Record<string, string>>,
  { connect, signal }: { connect: Connect; signal?: AbortSignal },
): Promise<RedisConnection> {
  const fields = new ServerFields(given, "Redis");
  const [host, port, tls] = [fields.required("host"), fields.port(6379), fields.tls(false)];
  const [user, password, database] = [fields.text("user", "username"), fields.secret("password"), fields.text("database", "db") ?? "0"];
  if (!/^\d+$/.test(database)) throw new FatalError('The field "database" of the Redis credential is not a number');
  const place = `Redis at ${host}:${port}`;
  const socket = await connect({ host, port, ...(tls && { tls }), ...(signal && { signal }) });
  const reader = new ReplyReader(MAX_BYTES);
  let waiting: ((reply: Reply) => void) | undefined;
  let broken: Error | undefined;
  socket.on("data", (piece: Buffer) => {
    try {
      for (const reply of reader.read(piece)) waiting?.(reply);
    } catch (error) {
      broken = error as Error;
      socket.destroy();
    }
  });
  socket.on("error", (error: Error) => {
    broken ??= error;
  });

  const send: RedisConnection["send"] = async (...command) => {
    if (socket.destroyed) throw new Error(`${place}: the connection is closed`);
    const answer = new Promise<Reply>((resolve) => {
      waiting = resolve;
      socket.write(encodeCommand(command));
    });
    let reply: Reply;
    try {
      reply = await within(ANSWER_MS, socket, answer);
    } catch (error) {
      if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
      throw new Error(`${place}: ${(broken ?? (error as Error)).message}`);
    }
    if (reply instanceof RedisError) throw readable(reply, place);
    return reply;
  };
  const close = (): void => void socket.destroy();
  try {
    if (password !== undefined) await send("AUTH", ...(user === undefined ? [] : [user]), password);
    if (database !== "0") await send("SELECT", database);
  } catch (error) {
    close();
    throw error;
  }
  return { send, close };
}

/** Starting, failing over, out of memory, busy with a script: a second try may not meet them again. */
const PASSING = /^(LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|READONLY|BUSY|OOM|NOREPLICAS)\b/;

function readable({ message }: RedisError, place: string): Error {
  const hint = /^(NOAUTH|WRONGPASS|NOPERM)/.test(message) ? { hint: "Look at the user and the password of the credential." } : {};
  return Object.assign(PASSING.test(message) ? new Error(`${place}: ${message}`) : new FatalError(`${place}: ${message}`), hint);
}
