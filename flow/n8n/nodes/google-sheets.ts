import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, located, reads, type ServiceCall, serviceNode, writes } from "./action-node";

export const spreadsheet = (source: Source) => ({ spreadsheet_id: located(source, "documentId", /\/d\/([\w-]+)/) });

/** Name of the sheet in A1 notation; in a list, the number is what is kept and the name is what was shown. */
export function sheetName(source: Source): string | null {
  const chosen = source.get("sheetName");
  const locator: JsonObject =
    typeof chosen === "object" && chosen !== null && !Array.isArray(chosen) ? chosen : { mode: "name", value: chosen ?? null };
  const { mode, value, cachedResultName } = locator;
  if (mode === "name" && typeof value === "string") return value;
  if (typeof cachedResultName === "string") return cachedResultName;
  return null;
}

export const quoted = (name: string): string => (name.startsWith("=") ? name : `'${name.replaceAll("'", "''")}'`);
const sheetNumber = (source: Source): Json | undefined => {
  const value = located(source, "sheetName", /gid=(\d+)/);
  if (value === "gid=0") return 0;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
};

const NO_NAME = "names its sheet by number, which has no counterpart: choose it by name";

/** The rest of a range behind a sheet's name that may be an expression. */
export const within = (name: string, cells?: string): string =>
  cells === undefined ? quoted(name) : name.startsWith("=") ? `${name}!${cells}` : `${quoted(name)}!${cells}`;

function read(source: Source): ServiceCall | string {
  const name = sheetName(source);
  if (name === null) return NO_NAME;
  if (source.list("filtersUI.values").length > 0) return "looks for rows by values, which has no counterpart: filter them afterwards";
  const location = "options.dataLocationOnSheet.values";
  const cells = given(source, `${location}.range`);
  source.ignore(`${location}.rangeDefinition`, `${location}.readRowsUntil`, "combineFilters", "options.outputFormatting.values.date");
  if (source.fixedNumber(`${location}.headerRow`, 1) !== 1)
    return "reads a table whose header is not the first row, which has no counterpart";
  source.ignore(`${location}.firstDataRow`);
  source.changed(null, "items have no row_number");
  return reads("get-rows", {
    ...spreadsheet(source),
    range: within(name, typeof cells === "string" && cells !== "" ? cells : undefined),
    value_render_option: source.text("options.outputFormatting.values.general", "UNFORMATTED_VALUE"),
  });
}

function append(source: Source): ServiceCall | string {
  const name = sheetName(source);
  if (name === null) return NO_NAME;
  const columns = source.object("columns");
  const mode = String(columns.mappingMode ?? source.text("dataMode", "defineBelow"));
  source.ignore("dataMode", "options.useAppend", "options.handlingExtraData");
  let values: Json;
  if (mode === "autoMapInputData") {
    values = "={{ Object.values($json) }}";
    source.changed("columns", "fields go into the columns in their order in the item, whatever they are called");
  } else {
    const given = (typeof columns.value === "object" && columns.value !== null ? columns.value : {}) as JsonObject;
    const schema = (Array.isArray(columns.schema) ? columns.schema : []) as JsonObject[];
    const order = schema.filter(({ removed }) => removed !== true).map(({ id }) => String(id ?? ""));
    const names = order.length > 0 ? order : Object.keys(given);
    const legacy = source.list("fieldsUi.fieldValues").map(({ fieldValue }) => fieldValue ?? "");
    values = names.length > 0 ? names.map((column) => given[column] ?? "") : legacy;
    if (values.length === 0) return "appends rows without columns, which has no counterpart";
    source.changed("columns", "cells go into the columns in the order that they had when the node was set up");
  }
  source.ignore("columns", "fieldsUi", "options.locationDefine");
  return writes("append-row", {
    ...spreadsheet(source),
    range: quoted(name),
    values,
    value_input_option: source.text("options.cellFormat", "USER_ENTERED"),
  });
}

function clear(source: Source): ServiceCall | string {
  const name = sheetName(source);
  if (name === null) return NO_NAME;
  const what = source.text("clear", "wholeSheet");
  if (what === "wholeSheet" && source.fixedFlag("keepFirstRow"))
    return writes("clear-values", { ...spreadsheet(source), range: within(name, "A2:ZZZ") });
  if (what === "wholeSheet") return writes("clear-values", { ...spreadsheet(source), range: quoted(name) });
  if (what === "specificRange") return writes("clear-values", { ...spreadsheet(source), range: within(name, source.text("range", "A:F")) });
  const count = source.fixedNumber(what === "specificRows" ? "rowsToDelete" : "columnsToDelete", 1);
  if (what === "specificRows") {
    const start = source.fixedNumber("startIndex", 1);
    return writes("clear-values", { ...spreadsheet(source), range: within(name, `${start}:${start + count - 1}`) });
  }
  return "clears columns by their number, which has no counterpart";
}

function remove(source: Source): ServiceCall | string {
  if (source.text("toDelete", "rows") === "columns") return "deletes columns, which has no counterpart";
  const start = source.number("startIndex", 2);
  const count = source.number("numberToDelete", 1);
  if (typeof start === "string" || typeof count === "string") return "deletes rows that an expression names, which has no counterpart";
  return writes("delete-rows", {
    ...spreadsheet(source),
    sheet_id: sheetNumber(source),
    dimension: "ROWS",
    start_index: start - 1,
    end_index: start - 1 + count,
  });
}

/** Google Sheets 3–4.7; versions 1 and 2 have other parameters. */
const current = serviceNode(
  { key: "google-sheets", auth: "oauth2" },
  {
    "sheet:read": read,
    "sheet:append": append,
    "sheet:clear": clear,
    "sheet:delete": remove,
    "sheet:remove": (source) => writes("delete-sheet", { ...spreadsheet(source), sheet_id: sheetNumber(source) }),
    "sheet:create": (source) =>
      writes("add-sheet", { ...spreadsheet(source), title: source.text("title", "n8n-sheet"), index: given(source, "options.index") }),
    "spreadsheet:create": (source) => {
      const sheets = source.list("sheetsUi.sheetValues").map((properties): JsonObject => ({ properties }));
      return writes("create-spreadsheet", {
        title: given(source, "title"),
        sheets: sheets.length > 0 ? sheets : undefined,
        locale: given(source, "options.locale"),
        time_zone: given(source, "options.timeZone"),
      });
    },
  },
  { resource: "sheet", operation: { sheet: "read", spreadsheet: "create" } },
);

export const googleSheets: NodeMapping = (source) =>
  source.version < 3 ? { type: "action", parameters: {}, placeholder: "in its first versions has no counterpart" } : current(source);
