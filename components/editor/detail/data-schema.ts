import type { Item, Json } from "@/flow/item";

export type ValueKind = "text" | "number" | "boolean" | "list" | "object" | "null";

/** One field of the data, as the schema view lists it. */
export interface SchemaField {
  /** Key, or index for the first element of a list. */
  name: string | number;
  path: (string | number)[];
  kind: ValueKind;
  /** An example of the value as short text; empty for what has fields of its own. */
  sample: string;
  children: SchemaField[];
}

/** Items that are looked at: fields that only later items have are rare, and the list must be quick. */
const LOOKED_AT = 50;
const MAX_DEPTH = 8;
const MAX_FIELDS = 200;

export function kindOf(value: Json | undefined): ValueKind {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "object";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
}

/** A value as one short line. */
export function shortText(value: Json | undefined, length = 80): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** The fields of some values, merged: each with the first value that is not null as its example. */
function fieldsOf(values: readonly Json[], path: (string | number)[]): SchemaField[] {
  if (path.length >= MAX_DEPTH) return [];
  const byKey = new Map<string | number, Json[]>();
  for (const value of values) {
    if (Array.isArray(value)) {
      const [first] = value;
      if (first !== undefined) byKey.set(0, [...(byKey.get(0) ?? []), first]);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, entry] of Object.entries(value)) {
        const known = byKey.get(key);
        if (known) known.push(entry);
        else if (byKey.size < MAX_FIELDS) byKey.set(key, [entry]);
      }
    }
  }
  return [...byKey].map(([name, entries]) => {
    const example = entries.find((entry) => entry !== null) ?? null;
    const kind = kindOf(example);
    const nested = kind === "object" || kind === "list" ? entries.filter((entry) => kindOf(entry) === kind) : [];
    const children = fieldsOf(nested, [...path, name]);
    return { name, path: [...path, name], kind, sample: children.length > 0 ? "" : shortText(example), children };
  });
}

export const schemaOf = (items: readonly Item[]): SchemaField[] =>
  fieldsOf(
    items.slice(0, LOOKED_AT).map((item) => item.json),
    [],
  );

/** Columns of a table: the items' keys in the order of first appearance. */
export function columnsOf(items: readonly Item[], most: number): { columns: string[]; more: number } {
  const keys = new Set<string>();
  for (const item of items) for (const key of Object.keys(item.json)) keys.add(key);
  return { columns: [...keys].slice(0, most), more: Math.max(0, keys.size - most) };
}
