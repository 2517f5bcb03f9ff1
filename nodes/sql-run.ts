import { isCancelled, ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject, Outputs } from "@/flow/item";
import type { Connect } from "@/flow/node/connection";
import type { NodeContext } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { parseJson } from "./json-parameter";
import {
  deleteSql,
  insertSql,
  matchingColumns,
  quoteName,
  type SqlDialect,
  type SqlStatement,
  selectSql,
  updateSql,
  upsertSql,
} from "./sql-build";
import type { SqlParameters } from "./sql-parameters";

export interface SqlResult {
  rows: JsonObject[];
  affectedRows: number;
  /** Of the row that was added, where the database counts them. */
  insertId?: number | string;
  /** It gave rows out, be it none: a select. */
  hasRows: boolean;
}

/** How a column takes a value: as JSON text, as the database's list, or as it is. */
export type ColumnKind = "json" | "array" | "plain";

/** A connection to a SQL database. */
export interface SqlConnection {
  readonly dialect: SqlDialect;
  run(statement: SqlStatement): Promise<SqlResult>;
  /** Columns of a table, by its quoted name. Rejects when there is no such table. */
  columns(table: string): Promise<ReadonlyMap<string, ColumnKind>>;
  close(): Promise<void>;
}

export interface SqlConnectionOptions {
  connect: Connect;
  signal?: AbortSignal;
  largeNumbers: SqlParameters["largeNumbers"];
  /** A query that gives more fails. */
  maxRows: number;
  /** Of one query. */
  timeoutMs: number;
}

type Context<P extends SqlParameters> = NodeContext<P>;

interface SqlNode<P extends SqlParameters> {
  connect(context: Context<P>, parameters: P): Promise<SqlConnection>;
  /** Quoted, and qualified where the database has schemas. */
  table(parameters: P, dialect: SqlDialect, index: number): string;
}

/** Runs a node's operation for each item on one connection, which is closed whatever happens. */
export async function runSql<P extends SqlParameters>(context: Context<P>, node: SqlNode<P>): Promise<Outputs> {
  if (context.items.length === 0) return [[]];
  const first = context.parameters(0);
  const connection = await node.connect(context, first);
  const known = new Map<string, Promise<ReadonlyMap<string, ColumnKind>>>();
  const columnsOf = (table: string) => {
    const columns = known.get(table) ?? connection.columns(table);
    known.set(table, columns);
    return columns;
  };
  const work = async (item: Item, index: number): Promise<Item[]> => {
    const parameters = context.parameters(index);
    const { operation } = parameters;
    const result = await connection.run(await statementFor(parameters, item, index));
    if (result.rows.length === 0 && !result.hasRows)
      return [
        { json: { success: true, affectedRows: result.affectedRows, ...(result.insertId !== undefined && { insertId: result.insertId }) } },
      ];
    if (result.rows.length === 0 && operation !== "select" && operation !== "query") return [{ json: { success: true, affectedRows: 0 } }];
    return result.rows.map((json) => ({ json }));
  };

  async function statementFor(parameters: P, item: Item, index: number): Promise<SqlStatement> {
    const { dialect } = connection;
    if (parameters.operation === "query") return queryOf(parameters, index);
    const table = node.table(parameters, dialect, index);
    if (parameters.operation === "select") return selectSql(dialect, table, parameters, index);
    if (parameters.operation === "delete") return deleteSql(dialect, table, parameters, index);
    const row = rowOf(parameters, item, await columnsOf(table), index);
    if (parameters.operation === "insert") return insertSql(dialect, table, row, parameters);
    const matching = matchingColumns(parameters, row, index);
    return parameters.operation === "upsert" ? upsertSql(dialect, table, row, matching) : updateSql(dialect, table, row, matching, index);
  }

  const isReading = first.operation === "select" || (first.operation === "query" && first.readOnly);
  try {
    if (first.batching === "each" && !first.readOnly) return await mapItems(context, work);
    if (isReading && !first.readOnly) return await mapItems(context, work);
    await connection.run({ text: first.readOnly && isReading ? "START TRANSACTION READ ONLY" : "START TRANSACTION", values: [] });
    try {
      // One item that fails undoes them all: none goes on alone.
      const outputs = await mapItems(Object.create(context, { continueOnFail: { value: false } }) as Context<P>, work);
      await connection.run({ text: "COMMIT", values: [] });
      return outputs;
    } catch (error) {
      if (!isCancelled(error)) await connection.run({ text: "ROLLBACK", values: [] }).catch(() => {});
      throw error;
    }
  } finally {
    await connection.close();
  }
}

function queryOf(parameters: SqlParameters, index: number): SqlStatement {
  const text = parameters.query;
  if (text.trim() === "") throw new ParameterError("query", "is empty: write the SQL to run", index);
  const given = parseJson(parameters.parameters === "" ? [] : parameters.parameters, "parameters", index) ?? [];
  const list = Array.isArray(given) ? given : [given];
  // A single expression may stand for them all.
  const values = list.length === 1 && Array.isArray(list[0]) ? list[0] : list;
  return { text, values: values.map((value) => prepared(value, undefined, parameters)) };
}

/** What goes into the row's columns. */
function rowOf(parameters: SqlParameters, item: Item, columns: ReadonlyMap<string, ColumnKind>, index: number): Record<string, Json> {
  const given: [string, unknown][] =
    parameters.dataMode === "item" ? Object.entries(item.json) : parameters.values.map(({ column, value }) => [column, value]);
  if (given.length === 0) throw new ParameterError("values", "there is no value to write", index);
  const row: Record<string, Json> = Object.create(null);
  for (const [name, value] of given) {
    const kind = columns.get(name);
    if (kind === undefined) {
      const field = parameters.dataMode === "item" ? "table" : "values";
      throw new ParameterError(field, `there is no column "${name}" in the table: it has ${[...columns.keys()].join(", ")}`, index);
    }
    row[name] = prepared(value, kind, parameters) as Json;
  }
  return row;
}

function prepared(value: unknown, kind: ColumnKind | undefined, { emptyAsNull }: Pick<SqlParameters, "emptyAsNull">): unknown {
  if (value === undefined || value === null || (emptyAsNull && value === "")) return null;
  if (kind === "json") return typeof value === "string" && isJson(value) ? value : JSON.stringify(value);
  if (typeof value !== "object") return value;
  return Array.isArray(value) && kind !== "plain" ? value : JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value of a database's driver as JSON has it: dates as ISO 8601, bytes as base64, numbers beyond JSON's as text. */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return value as Json;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry)]));
}

/** The table that a node names. */
export const tableName = (dialect: SqlDialect, table: string, index: number): string => quoteName(dialect, table, "table", index);
