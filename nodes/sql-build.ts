import { ParameterError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import { fieldNames } from "@/flow/node/field-path";
import type { SqlCondition, SqlOperator, SqlParameters } from "./sql-parameters";

/** SQL with its values beside it. */
export interface SqlStatement {
  text: string;
  values: unknown[];
}

/** What the SQL of a database looks like. */
export interface SqlDialect {
  /** A name as the SQL takes it, whatever characters it has. */
  quote(name: string): string;
  /** Stands for the value with this number, from 1. */
  placeholder(index: number): string;
  /** After an insert: what happens to a row that exists. No columns: nothing. */
  onConflict(matching: readonly string[], updated: readonly string[]): { before: string; after: string };
  /** After a write: gives the rows that it left; empty where the database can't. */
  returning: string;
}

/** Collects values and gives their placeholders. */
class Values {
  readonly list: unknown[] = [];
  constructor(private readonly dialect: SqlDialect) {}
  add(value: unknown): string {
    this.list.push(value ?? null);
    return this.dialect.placeholder(this.list.length);
  }
}

/** A name that may be qualified: `sales.orders`. */
export function quoteName(dialect: SqlDialect, name: string, field: string, index: number): string {
  const trimmed = name.trim();
  if (trimmed === "" || trimmed.includes("\0"))
    throw new ParameterError(field, trimmed === "" ? "is empty" : "has a NUL character in it", index);
  return dialect.quote(trimmed);
}

const OPERATORS: Partial<Record<SqlOperator, string>> = {
  equals: "=",
  notEquals: "<>",
  larger: ">",
  largerEqual: ">=",
  smaller: "<",
  smallerEqual: "<=",
  like: "LIKE",
};

function conditionSql(dialect: SqlDialect, condition: SqlCondition, values: Values, path: string, index: number): string {
  const column = quoteName(dialect, condition.column, `${path}.column`, index);
  const { operator, value } = condition;
  if (operator === "isNull" || ((value ?? null) === null && operator === "equals")) return `${column} IS NULL`;
  if (operator === "isNotNull" || ((value ?? null) === null && operator === "notEquals")) return `${column} IS NOT NULL`;
  if (operator === "in") {
    const list = Array.isArray(value)
      ? value
      : String(value ?? "")
          .split(",")
          .map((each) => each.trim());
    return list.length === 0 ? "1 = 0" : `${column} IN (${list.map((each) => values.add(each)).join(", ")})`;
  }
  return `${column} ${OPERATORS[operator]} ${values.add(value)}`;
}

function whereSql(dialect: SqlDialect, { where, combine }: SqlParameters, values: Values, index: number): string {
  if (where.length === 0) return "";
  const conditions = where.map((condition, at) => conditionSql(dialect, condition, values, `where[${at}]`, index));
  return ` WHERE ${conditions.join(combine === "or" ? " OR " : " AND ")}`;
}

export function selectSql(dialect: SqlDialect, table: string, parameters: SqlParameters, index: number): SqlStatement {
  const values = new Values(dialect);
  const names = fieldNames(parameters.columns).filter((name) => name !== "*");
  const columns = names.length === 0 ? "*" : names.map((name) => quoteName(dialect, name, "columns", index)).join(", ");
  const where = whereSql(dialect, parameters, values, index);
  const sort = parameters.sort.map(
    ({ column, direction }, at) => `${quoteName(dialect, column, `sort[${at}].column`, index)} ${direction === "desc" ? "DESC" : "ASC"}`,
  );
  const order = sort.length > 0 ? ` ORDER BY ${sort.join(", ")}` : "";
  const limit = parameters.limit > 0 ? ` LIMIT ${Math.trunc(parameters.limit)}` : "";
  return { text: `SELECT ${columns} FROM ${table}${where}${order}${limit}`, values: values.list };
}

type Row = Readonly<Record<string, Json>>;

export function insertSql(dialect: SqlDialect, table: string, row: Row, parameters: SqlParameters): SqlStatement {
  const values = new Values(dialect);
  const names = Object.keys(row);
  const { before, after } = parameters.skipConflicts ? dialect.onConflict([], []) : { before: "INSERT", after: "" };
  const columns = names.map((name) => dialect.quote(name)).join(", ");
  const given = names.map((name) => values.add(row[name])).join(", ");
  return { text: `${before} INTO ${table} (${columns}) VALUES (${given})${after}${dialect.returning}`, values: values.list };
}

export function upsertSql(dialect: SqlDialect, table: string, row: Row, matching: readonly string[]): SqlStatement {
  const values = new Values(dialect);
  const names = Object.keys(row);
  const updated = names.filter((name) => !matching.includes(name));
  const { after } = dialect.onConflict(matching, updated);
  const columns = names.map((name) => dialect.quote(name)).join(", ");
  const given = names.map((name) => values.add(row[name])).join(", ");
  return { text: `INSERT INTO ${table} (${columns}) VALUES (${given})${after}${dialect.returning}`, values: values.list };
}

/** @throws ParameterError when nothing beside the matched columns is there to be set. */
export function updateSql(dialect: SqlDialect, table: string, row: Row, matching: readonly string[], index: number): SqlStatement {
  const values = new Values(dialect);
  const updated = Object.keys(row).filter((name) => !matching.includes(name));
  if (updated.length === 0) throw new ParameterError("values", "there is no value to set beside those that are matched on", index);
  const set = updated.map((name) => `${dialect.quote(name)} = ${values.add(row[name])}`).join(", ");
  const where = matching.map((name) =>
    row[name] === null ? `${dialect.quote(name)} IS NULL` : `${dialect.quote(name)} = ${values.add(row[name])}`,
  );
  return { text: `UPDATE ${table} SET ${set} WHERE ${where.join(" AND ")}${dialect.returning}`, values: values.list };
}

/** @throws ParameterError for rows without a condition: all of them is said, not forgotten. */
export function deleteSql(dialect: SqlDialect, table: string, parameters: SqlParameters, index: number): SqlStatement {
  if (parameters.deleteCommand === "truncate") return { text: `TRUNCATE TABLE ${table}`, values: [] };
  if (parameters.deleteCommand === "drop") return { text: `DROP TABLE ${table}`, values: [] };
  if (parameters.where.length === 0)
    throw new ParameterError("where", 'has no condition: add one, or choose "All rows" to empty the table', index);
  const values = new Values(dialect);
  const where = whereSql(dialect, parameters, values, index);
  return { text: `DELETE FROM ${table}${where}`, values: values.list };
}

/** @throws ParameterError when a column that is matched on has no name or no value. */
export function matchingColumns(parameters: SqlParameters, row: Row, index: number): string[] {
  const names = fieldNames(parameters.matchColumns);
  if (names.length === 0) throw new ParameterError("matchColumns", "is empty: name at least one column", index);
  const missing = names.find((name) => !Object.hasOwn(row, name));
  if (missing !== undefined) throw new ParameterError("matchColumns", `the item has no value for the column "${missing}"`, index);
  return names;
}
