import type { Duplex } from "node:stream";
import { createConnection, type Connection as Driver, type QueryError, type ResultSetHeader } from "mysql2";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { JsonObject } from "@/flow/item";
import { ServerFields } from "../server-fields";
import type { SqlDialect, SqlStatement } from "../sql-build";
import { type ColumnKind, type SqlConnection, type SqlConnectionOptions, type SqlResult, toJson } from "../sql-run";
import { within } from "../within";

const CONNECT_MS = 15_000;
const quote = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

export const dialect: SqlDialect = {
  quote,
  placeholder: () => "?",
  onConflict(matching, updated) {
    if (matching.length === 0) return { before: "INSERT IGNORE", after: "" };
    const set =
      updated.length > 0
        ? updated.map((name) => `${quote(name)} = VALUES(${quote(name)})`)
        : matching.map((name) => `${quote(name)} = ${quote(name)}`);
    return { before: "INSERT", after: ` ON DUPLICATE KEY UPDATE ${set.join(", ")}` };
  },
  returning: "",
};

/**
 * Opens a connection to the database of a credential.
 * @throws FatalError for a credential that is wrong or refused, an `Error` for what may pass
 */
export async function connectMysql(given: Readonly<Record<string, string>>, options: SqlConnectionOptions): Promise<SqlConnection> {
  const fields = new ServerFields(given, "MySQL");
  const [host, port, user] = [fields.required("host"), fields.port(3306), fields.required("user", "username")];
  const [password, database, tls] = [fields.secret("password"), fields.text("database", "db"), fields.tls(true)];
  const { signal, largeNumbers, maxRows, timeoutMs } = options;
  const socket = await options.connect({ host, port, ...(signal && { signal }) });
  const driver = createConnection({
    host,
    port,
    user,
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(tls && { ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized === true } }),
    stream: socket as unknown as Duplex,
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: ["DATE"],
    supportBigNumbers: largeNumbers === "text",
    bigNumberStrings: largeNumbers === "text",
    decimalNumbers: largeNumbers === "numbers",
    connectTimeout: CONNECT_MS,
  });
  // Told by the query that it ends; without a listener it would end the process.
  driver.on("error", () => {});
  const place = `MySQL at ${host}:${port}${database === undefined ? "" : `, database "${database}"`}`;
  let isBusy = true;
  const doing = async <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
    if (socket.destroyed) throw new Error(`${place}: the connection is closed`);
    isBusy = true;
    try {
      const result = await within(milliseconds, socket, work);
      isBusy = false;
      return result;
    } catch (error) {
      isBusy = (error as Partial<QueryError>).errno === undefined;
      throw readable(error, place, signal);
    }
  };
  const run = (statement: SqlStatement): Promise<SqlResult> => doing(timeoutMs, query(driver, statement, maxRows));
  const close = async (): Promise<void> => {
    // A query that still runs is not waited for: the end of the connection is its end.
    if (!isBusy && !signal?.aborted) await new Promise<void>((resolve) => driver.end(() => resolve()));
    driver.destroy();
    socket.destroy();
  };
  try {
    await doing(CONNECT_MS, new Promise<void>((resolve, reject) => driver.connect((error) => (error ? reject(error) : resolve()))));
    await run({ text: "SET time_zone = '+00:00'", values: [] });
  } catch (error) {
    isBusy = true;
    await close();
    throw error;
  }
  return { dialect, run, columns: (table) => columnsOf(run, table), close };
}

/** Collects rows as they come, so that too many are refused before they fill the memory. */
function query(driver: Driver, { text, values }: SqlStatement, maxRows: number): Promise<SqlResult> {
  return new Promise((resolve, reject) => {
    const given = values.map((value) => (Array.isArray(value) ? JSON.stringify(value) : value)) as string[];
    // Prepared where there are values, so that the server never reads them as SQL; not all statements can be, and those have none.
    const sent = given.length > 0 ? driver.execute(text, given) : driver.query(text);
    const result: SqlResult = { rows: [], affectedRows: 0, hasRows: false };
    let isOver = false;
    sent.on("error", (error: Error) => {
      isOver = true;
      reject(error);
    });
    sent.on("fields", (fields?: unknown[]) => {
      result.hasRows ||= fields !== undefined;
    });
    sent.on("result", (row: object) => {
      if (isOver) return;
      if (isHeader(row)) {
        result.affectedRows += row.affectedRows;
        if (row.insertId) result.insertId = row.insertId;
      } else if (result.rows.length < maxRows) result.rows.push(toJson(row) as JsonObject);
      else {
        isOver = true;
        reject(new FatalError(`The query gives more than ${maxRows} rows: limit it, or allow more`));
      }
    });
    sent.on("end", () => resolve(result));
  });
}

const isHeader = (row: object): row is ResultSetHeader => row.constructor?.name === "ResultSetHeader";

async function columnsOf(run: (statement: SqlStatement) => Promise<SqlResult>, table: string): Promise<Map<string, ColumnKind>> {
  const { rows } = await run({ text: `SHOW COLUMNS FROM ${table}`, values: [] });
  return new Map(rows.map(({ Field, Type }) => [String(Field), String(Type).toLowerCase() === "json" ? "json" : "plain"]));
}

/** Too many connections, lock wait, deadlock, shutdown: a second try may not meet them again. */
const PASSING = new Set([1040, 1053, 1205, 1213, 1203, 1226]);

function readable(thrown: unknown, place: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new CancelledError();
  const error = thrown as QueryError;
  if (error.name === "FatalError") return error;
  if (error.code === "HANDSHAKE_NO_SSL_SUPPORT") {
    return Object.assign(new FatalError(`${place}: the server has no TLS`), {
      hint: 'Set the field "ssl" of the credential to false, if the way to the server is safe without.',
    });
  }
  const message = `${place}: ${error.message}${typeof error.code === "string" ? ` [${error.code}]` : ""}`;
  const isServers = typeof error.errno === "number" && error.errno > 0;
  return isServers && !PASSING.has(error.errno as number)
    ? new FatalError(message, { cause: thrown })
    : new Error(message, { cause: thrown });
}
