import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { cellOf, columnName, columnNames, isSame, keyColumns, rangeStart, rowsAsObjects } from "./cells";
import type { googleSheets } from "./definition";
import { Sheet } from "./sheet";

type Parameters = z.infer<typeof googleSheets.parameters>;
type Context = NodeContext<Parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  return [context.parameters(0).operation === "read" ? await readRows(context) : await writeRows(context)];
};

/** Where the table is: a range of older flows may name its sheet itself. */
function placeOf({ spreadsheet, sheet, range, headerRow }: Parameters) {
  const [, named, cells = ""] = /^(?:'?((?:[^'!]|'')+)'?!)?(.*)$/s.exec(range.trim()) ?? [];
  const start = rangeStart(cells);
  const isPart = /\d/.test(cells.split(":")[0] ?? "");
  return {
    spreadsheet,
    sheet: named?.replaceAll("''", "'") ?? sheet,
    cells,
    column: start.column,
    header: isPart ? start.row : headerRow,
    isPart,
  };
}

async function readRows(context: Context): Promise<Item[]> {
  // Items that look into the same sheet share one answer.
  const tables = new Map<string, Promise<JsonObject[]>>();
  const made: Item[] = [];
  for (let index = 0; index < context.items.length; index++) {
    const parameters = context.parameters(index);
    const { filters, combine, firstMatchOnly, show, firstDataRow } = parameters;
    const place = placeOf(parameters);
    const key = JSON.stringify([place, show, firstDataRow]);
    const table = tables.get(key) ?? readTable(context, parameters);
    tables.set(key, table);
    const wanted = filters.filter(({ column }) => column !== "");
    const fits = (row: JsonObject): boolean => {
      const holds = ({ column, value }: (typeof wanted)[number]) => isSame(row[column], value as Json);
      return combine === "or" && wanted.length > 0 ? wanted.some(holds) : wanted.every(holds);
    };
    const rows = await table;
    for (const { column } of wanted) {
      if (rows[0] && !Object.hasOwn(rows[0], column)) throw new ParameterError("filters", `the sheet has no column "${column}"`, index);
    }
    const found = rows.filter(fits);
    for (const json of firstMatchOnly ? found.slice(0, 1) : found) made.push({ json: { ...json }, pairedItem: { item: index } });
  }
  return made;
}

async function readTable(context: Context, parameters: Parameters): Promise<JsonObject[]> {
  const place = placeOf(parameters);
  const sheet = await Sheet.open(context, place);
  const rows = await sheet.read(place.cells, parameters.show);
  const header = place.isPart ? 0 : place.header - 1;
  const first = place.isPart ? 1 : Math.max(parameters.firstDataRow - 1, header + 1);
  const firstRow = place.isPart ? place.header : 1;
  return rowsAsObjects(columnNames(rows[header] ?? []), rows.slice(first), firstRow + first);
}

/** A row to be written: its values by column. */
type Row = Record<string, Json>;

async function writeRows(context: Context): Promise<Item[]> {
  const parameters = context.parameters(0);
  const { operation, enter, show, extra, columns } = parameters;
  const place = placeOf(parameters);
  const keys = operation === "append" ? [] : keyColumns(parameters.matchOn);
  const given = context.items.map(({ json }, index): Row => (columns === "auto" ? { ...json } : (context.parameters(index).values as Row)));
  const sheet = await Sheet.open(context, place);
  const table = await sheet.read(operation === "append" ? `${place.header}:${place.header}` : "", show);
  const header = columnNames((operation === "append" ? table[0] : table[place.header - 1])?.slice(place.column) ?? []);
  const names = await withColumns(sheet, { header, given, keys, extra: columns === "auto" ? extra : "insert", place, enter });

  const known = new Set(names);
  const rows = given.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => known.has(name) || name === "row_number")));
  const cellsOf = (row: number): readonly Json[] => table[row - 1]?.slice(place.column) ?? [];
  const updates: { cell: string; value: Json }[] = [];
  const added: Row[] = [];
  let unknown = 0;
  for (const [index, row] of rows.entries()) {
    const key = keys.map((name) => row[name]);
    if (keys.length > 0 && key.some((value) => value === undefined || value === null || value === "")) {
      throw new ParameterError("matchOn", `the item has no value for ${keys.map((name) => `"${name}"`).join(", ")}`, index);
    }
    const at = keys.length === 0 ? null : findRow(keys, key, { names, table, first: place.header + 1, cellsOf });
    if (at !== null) {
      for (const [name, value] of Object.entries(row)) {
        if (name === "row_number" || keys.includes(name)) continue;
        updates.push({ cell: `${columnName(place.column + names.indexOf(name))}${at}`, value: cellOf(value) });
      }
    } else if (operation === "update") unknown++;
    else {
      // Two new rows with one key are one row.
      const same = keys.length > 0 && added.find((other) => keys.every((name, part) => isSame(other[name], key[part])));
      if (same) Object.assign(same, row);
      else added.push({ ...row });
    }
  }
  if (unknown > 0) context.log("warn", `${unknown} ${unknown === 1 ? "item has" : "items have"} no row in the sheet, and changed nothing`);
  if (updates.length > 0) await sheet.writeCells(updates, enter);
  if (added.length > 0) {
    const last = columnName(place.column + Math.max(names.length - 1, 0));
    const values = added.map((row) => names.map((name) => cellOf(row[name])));
    await sheet.append(`${columnName(place.column)}${place.header}:${last}${place.header}`, values, enter);
  }
  return rows.map((json, index) => ({ json, pairedItem: { item: index } }));
}

/** Names of the columns, those included that the items bring along. */
async function withColumns(
  sheet: Sheet,
  {
    header,
    given,
    keys,
    extra,
    place,
    enter,
  }: {
    header: string[];
    given: readonly Row[];
    keys: readonly string[];
    extra: Parameters["extra"];
    place: ReturnType<typeof placeOf>;
    enter: string;
  },
): Promise<string[]> {
  const missing = [...new Set(given.flatMap((row) => Object.keys(row)))].filter((name) => name !== "row_number" && !header.includes(name));
  const absent = keys.filter((name) => name !== "row_number" && !header.includes(name));
  if (absent.length > 0 && header.length > 0) throw new ParameterError("matchOn", `the sheet has no column "${absent[0]}"`);
  if (missing.length === 0) return header;
  if (extra === "error") throw new ParameterError("extra", `the sheet has no column for ${missing.map((name) => `"${name}"`).join(", ")}`);
  if (extra === "ignore" && header.length > 0) return header;
  const start = columnName(place.column + header.length);
  const end = columnName(place.column + header.length + missing.length - 1);
  await sheet.write(`${start}${place.header}:${end}${place.header}`, [missing], enter);
  return [...header, ...missing];
}

function findRow(
  keys: readonly string[],
  key: readonly (Json | undefined)[],
  {
    names,
    table,
    first,
    cellsOf,
  }: { names: readonly string[]; table: readonly unknown[]; first: number; cellsOf: (row: number) => readonly Json[] },
): number | null {
  if (keys.length === 1 && keys[0] === "row_number") return Number.isInteger(Number(key[0])) ? Number(key[0]) : null;
  const places = keys.map((name) => names.indexOf(name));
  for (let row = first; row <= table.length; row++) {
    const cells = cellsOf(row);
    if (places.every((place, part) => isSame(cells[place], key[part]))) return row;
  }
  return null;
}
