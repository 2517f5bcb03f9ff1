import type { Duplex } from "node:stream";
import pg from "pg";
import type { z } from "zod";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { JsonObject } from "@/flow/item";
import type { Connection } from "@/flow/node/connection";
import { ServerFields } from "../server-fields";
import type { SqlDialect, SqlStatement } from "../sql-build";
import { type ColumnKind, type SqlConnection, type SqlConnectionOptions, type SqlResult, toJson } from "../sql-run";
import { within } from "../within";
import type { postgres } from "./definition";

export type PostgresParameters = z.infer<typeof postgres.parameters>;

const GRACE_MS = 5000;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const dialect: SqlDialect = {
  quote,
  placeholder: (index) => `$${index}`,
  onConflict(matching, updated) {
    const target = matching.length > 0 ? ` (${matching.map(quote).join(", ")})` : "";
    const set = updated.map((name) => `${quote(name)} = EXCLUDED.${quote(name)}`).join(", ");
    return { before: "INSERT", after: ` ON CONFLICT${target} DO ${updated.length === 0 ? "NOTHING" : `UPDATE SET ${set}`}` };
  },
  returning: " RETURNING *",
};

/**
 * Opens a connection to the database of a credential.
 * @throws FatalError for a credential that is wrong or refused, an `Error` for what may pass
 */
export async function connectPostgres(given: Readonly<Record<string, string>>, options: SqlConnectionOptions): Promise<SqlConnection> {
  const fields = new ServerFields(given, "Postgres");
  const [host, port, user] = [fields.required("host"), fields.port(5432), fields.required("user", "username")];
  const password = fields.secret("password") ?? "";
  const database = fields.text("database", "db") ?? user;
  const tls = fields.tls(true);
  const { signal } = options;
  const socket = await options.connect({ host, port, ...(signal && { signal }) });
  const client = new pg.Client({
    host,
    port,
    user,
    // As functions and explicit values: what is left out is looked for in this server's own environment and files.
    password: () => password,
    database,
    client_encoding: "UTF8",
    application_name: "tolstoy",
    ssl: tls ? { ...tls, servername: host } : false,
    stream: () => asUnconnected(socket),
    types: { getTypeParser: (oid, format) => parserOf(oid, format, options.largeNumbers) },
    connectionTimeoutMillis: 15_000,
    statement_timeout: options.timeoutMs,
  });
  // Told by the query that it ends; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw readable(error, { host, port, database, signal });
  }
  let isBusy = false;
  const run = async (statement: SqlStatement, isReadOnly = false): Promise<SqlResult> => {
    isBusy = true;
    try {
      // The server ends a query in time by itself; this is for one that says nothing any more.
      const result = await within(options.timeoutMs + GRACE_MS, socket, query(client, statement, options.maxRows, isReadOnly));
      isBusy = false;
      return result;
    } catch (error) {
      isBusy = (error as { code?: unknown }).code === undefined;
      throw readable(error, { host, port, database, signal });
    }
  };
  let isReadOnly = false;
  return {
    dialect,
    run: (statement) => {
      isReadOnly ||= statement.text === "START TRANSACTION READ ONLY";
      return run(statement, isReadOnly);
    },
    columns: (table) => columnsOf(run, table),
    async close() {
      // A query that still runs is not waited for: the end of the connection is its end.
      if (!isBusy && !signal?.aborted) await client.end().catch(() => {});
      socket.destroy();
    },
  };
}

/** The socket is connected already; the driver asks for that and waits to hear it. */
function asUnconnected(connection: Connection): Duplex {
  return Object.assign(connection, {
    connect: () => {
      queueMicrotask(() => connection.emit("connect"));
      return connection;
    },
  }) as unknown as Duplex;
}

/** Collects rows as they come, so that too many are refused before they fill the memory. */
function query(client: pg.Client, { text, values }: SqlStatement, maxRows: number, isReadOnly: boolean): Promise<SqlResult> {
  return new Promise((resolve, reject) => {
    // One statement at a time where nothing must be changed: a second could end the transaction that says so.
    const extended = isReadOnly && values.length === 0 ? { queryMode: "extended" as const } : {};
    const sent = new pg.Query<JsonObject>({ text, values: values as unknown[], ...extended });
    const rows: JsonObject[] = [];
    let isOver = false;
    sent.on("row", (row) => {
      if (isOver) return;
      if (rows.length < maxRows) return void rows.push(toJson(row) as JsonObject);
      isOver = true;
      reject(new FatalError(`The query gives more than ${maxRows} rows: limit it, or allow more`));
    });
    sent.on("error", reject);
    sent.on("end", (result) => {
      const results = (Array.isArray(result) ? result : [result]) as pg.QueryResult[];
      resolve({
        rows,
        affectedRows: results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0),
        hasRows: results.some(({ fields }) => fields.length > 0),
      });
    });
    client.query(sent);
  });
}

async function columnsOf(run: (statement: SqlStatement) => Promise<SqlResult>, table: string): Promise<Map<string, ColumnKind>> {
  const { rows } = await run({
    text: `SELECT a.attname::text AS name, t.typname::text AS type, t.typcategory::text AS category
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = $1::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    values: [table],
  });
  return new Map(
    rows.map(({ name, type, category }) => [
      String(name),
      type === "json" || type === "jsonb" ? "json" : category === "A" ? "array" : "plain",
    ]),
  );
}

const TYPE = { int8: 20, numeric: 1700, date: 1082, timestamp: 1114, timestamptz: 1184, interval: 1186 };
const asText = (text: string): string => text;
const asNumber = (text: string): number => Number(text);

/** Dates without a time stay dates; times without a zone are taken for UTC, whatever this server's zone is. */
function parserOf(
  oid: number,
  format: "text" | "binary" | undefined,
  largeNumbers: SqlConnectionOptions["largeNumbers"],
): (text: string) => unknown {
  if (oid === TYPE.int8 || oid === TYPE.numeric) return largeNumbers === "numbers" ? asNumber : asText;
  if (oid === TYPE.date || oid === TYPE.interval) return asText;
  if (oid === TYPE.timestamp) return (text) => instant(`${text.replace(" ", "T")}Z`, text);
  return pg.types.getTypeParser(oid, format as "text");
}

/** ISO 8601; what JavaScript's dates do not reach (`infinity`, years BC) as the database says it. */
function instant(text: string, original: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? original : date.toISOString();
}

interface Place {
  host: string;
  port: number;
  database: string;
  signal: AbortSignal | undefined;
}

/** Classes of SQLSTATE that a second try may not meet again: connection, rolled back, resources, operator, system. */
const PASSING = /^(08|40|53|57|58|55P03)/;

function readable(thrown: unknown, { host, port, database, signal }: Place): Error {
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new CancelledError();
  const error = thrown as Error & { code?: string; detail?: string; hint?: string; position?: string };
  if (error.name === "FatalError") return error;
  const where = `Postgres at ${host}:${port}, database "${database}"`;
  if (typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) {
    const at = error.position ? ` (at character ${error.position})` : "";
    const message = `${where}: ${error.message}${at}${error.detail ? `. ${error.detail}` : ""} [${error.code}]`;
    const made = PASSING.test(error.code) ? new Error(message, { cause: thrown }) : new FatalError(message, { cause: thrown });
    return error.hint ? Object.assign(made, { hint: error.hint }) : made;
  }
  if (/does not support SSL/.test(error.message)) {
    return Object.assign(new FatalError(`${where}: the server has no TLS`), {
      hint: 'Set the field "ssl" of the credential to false, if the way to the server is safe without.',
    });
  }
  return new Error(`${where}: ${error.message}`, { cause: thrown });
}
