import type { Json, JsonObject } from "@/flow/item";

export interface RowOptions {
  headerRow: boolean;
  includeEmptyCells: boolean;
  maxRowCount: number;
}

const isEmpty = (cell: Json | undefined): boolean => cell === null || cell === undefined || cell === "";

/** Names of columns, each once: a second `a` is `a_1`, one without a name `__EMPTY`. */
function uniqueNames(cells: readonly Json[], width: number): string[] {
  const used = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const base = isEmpty(cells[index]) ? "__EMPTY" : String(cells[index]);
    let name = base;
    for (let number = 1; used.has(name); number++) name = `${base}_${number}`;
    used.add(name);
    return name;
  });
}

/** Rows of a table as objects, by the names in its first row where it has them. Rows without any cell are left out. */
export function objectsOf(rows: readonly (readonly Json[])[], { headerRow, includeEmptyCells, maxRowCount }: RowOptions): JsonObject[] {
  const filled = rows.filter((row) => row.some((cell) => !isEmpty(cell)));
  const body = headerRow ? filled.slice(1) : filled;
  const taken = maxRowCount < 0 ? body : body.slice(0, maxRowCount);
  if (!headerRow) return taken.map((row) => ({ row: row.map((cell) => cell ?? "") }));
  const width = taken.reduce((most, row) => Math.max(most, row.length), filled[0]?.length ?? 0);
  const names = uniqueNames(filled[0] ?? [], width);
  return taken.map((row) => {
    const json: JsonObject = {};
    names.forEach((name, index) => {
      const cell = row[index];
      const value = isEmpty(cell) ? (includeEmptyCells ? "" : undefined) : (cell as Json);
      if (value !== undefined) Object.defineProperty(json, name, { value, enumerable: true, writable: true, configurable: true });
    });
    return json;
  });
}
