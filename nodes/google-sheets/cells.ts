import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";

/** A column by its place, from 0: `A`, `Z`, `AA`. */
export function columnName(index: number): string {
  let name = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

const columnIndex = (name: string): number => [...name.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** Where a range begins: a column from 0 and a row from 1. */
export function rangeStart(range: string): { column: number; row: number } {
  const [, column = "", row = ""] = /^\$?([A-Za-z]*)\$?(\d*)/.exec(range) ?? [];
  return { column: column === "" ? 0 : columnIndex(column), row: row === "" ? 1 : Number(row) };
}

/** A sheet's name in A1 notation. */
export const quoted = (sheet: string): string => `'${sheet.replaceAll("'", "''")}'`;

/** A value as a cell takes it. */
export const cellOf = (value: Json | undefined): Json =>
  value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : value;

/** Cells as their names in the header say; a column without a name is called by its place. */
export const columnNames = (header: readonly Json[]): string[] =>
  header.map((cell, index) => (cell === null || cell === "" ? `col_${index + 1}` : String(cell)));

/** Whether a cell holds a value, whatever types the two have. */
export const isSame = (cell: Json | undefined, value: Json | undefined): boolean => String(cell ?? "") === String(value ?? "");

/** Rows below a header as objects, each with its number in the sheet; empty ones are passed over. */
export function rowsAsObjects(names: readonly string[], rows: readonly (readonly Json[])[], firstRow: number): JsonObject[] {
  return rows.flatMap((cells, index) =>
    cells.every((cell) => cell === "" || cell === null)
      ? []
      : [{ row_number: firstRow + index, ...Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""])) }],
  );
}

/** Names with commas. @throws ParameterError where there are none */
export function keyColumns(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new ParameterError("matchOn", "is empty: name the column by which a row is found");
  return names;
}
