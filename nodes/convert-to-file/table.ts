import type { Json, JsonObject } from "@/flow/item";

export type Cell = string | number | boolean | null;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields of objects as columns of their own: `a.b`. Lists are one cell of JSON. */
function flattened(json: JsonObject, prefix = "", into = new Map<string, Cell>()): Map<string, Cell> {
  for (const [name, value] of Object.entries(json)) {
    const key = `${prefix}${name}`;
    if (isObject(value) && Object.keys(value).length > 0) flattened(value, `${key}.`, into);
    else into.set(key, typeof value === "object" && value !== null ? JSON.stringify(value) : value);
  }
  return into;
}

/** Rows of cells, with a column for every field that one of the items has, in the order in which they appear. */
export function tableOf(items: readonly JsonObject[], headerRow: boolean): Cell[][] {
  const rows = items.map((json) => flattened(json));
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const cells = rows.map((row) => names.map((name) => row.get(name) ?? null));
  return headerRow ? [names, ...cells] : cells;
}

/** RFC 4180, with line feeds: quotes only where they are needed. */
export function writeCsv(rows: readonly (readonly Cell[])[], delimiter: string): string {
  const quote = (cell: Cell): string => {
    if (cell === null) return "";
    const text = typeof cell === "boolean" ? String(cell).toUpperCase() : String(cell);
    return text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return rows.map((row) => row.map(quote).join(delimiter)).join("\n");
}
