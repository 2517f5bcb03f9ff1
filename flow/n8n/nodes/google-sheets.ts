import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";
import { callNode, given, located, type ServiceCall, serviceNode, writes } from "./action-node";

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

const number = (source: Source, path: string, fallback: number): Json => source.number(path, fallback);

/** An own node for rows that are found by their columns. */
function rows(source: Source, parameters: JsonObject): Mapped {
  source.ignore("authentication", "resource", "operation", "requestOptions");
  const [credential] = Object.keys(source.node.credentials);
  const kept = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return {
    type: "google-sheets",
    parameters: Object.fromEntries(kept),
    ...(credential !== undefined && { credentials: { tool: credential } }),
  };
}

/** The sheet by its name, or else by its number. */
function sheetOf(source: Source): Json {
  const name = sheetName(source);
  if (name !== null) return name;
  const found = sheetNumber(source);
  return typeof found === "number" ? `gid=${found}` : (found ?? "");
}

const place = (source: Source): JsonObject => ({
  spreadsheet: located(source, "documentId", /\/d\/([\w-]+)/) ?? "",
  sheet: sheetOf(source),
});

function read(source: Source): Mapped {
  const location = "options.dataLocationOnSheet.values";
  const isPart = source.text(`${location}.rangeDefinition`, "detectAutomatically") === "specifyRangeA1";
  source.ignore(`${location}.readRowsUntil`, "options.outputFormatting.values.date", "columnsUi", "operation");
  const filters = source
    .list("filtersUI.values")
    .map(({ lookupColumn = "", lookupValue = "" }): JsonObject => ({ column: lookupColumn, value: lookupValue }));
  const fallback = source.version >= 4.3 ? "AND" : "OR";
  const returnAll = source.text("options.returnAllMatches", "returnFirstMatch") === "returnAllMatches";
  const first = source.version >= 4.5 ? source.flag("options.returnFirstMatch") : !returnAll;
  return rows(source, {
    operation: "read",
    ...place(source),
    ...(isPart ? { range: source.text(`${location}.range`) } : { headerRow: number(source, `${location}.headerRow`, 1) }),
    ...(!isPart && source.has(`${location}.firstDataRow`) && { firstDataRow: number(source, `${location}.firstDataRow`, 2) }),
    ...(filters.length > 0 && {
      filters,
      combine: source.option("combineFilters", { AND: "and", OR: "or" }, fallback),
      firstMatchOnly: first,
    }),
    show: source.text("options.outputFormatting.values.general", "UNFORMATTED_VALUE"),
  });
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const EXTRA = { insertInNewColumn: "insert", ignoreIt: "ignore", error: "error" };

/** What is written into which columns, and by which of them a row is found. */
function written(source: Source): JsonObject {
  const columns = source.object("columns");
  const mode = String(columns.mappingMode ?? source.text("dataMode", "autoMapInputData"));
  const legacy = [...source.list("fieldsUi.fieldValues"), ...source.list("fieldsUi.values")].map(
    ({ fieldId, column, fieldValue = "" }): [string, Json] => [String(fieldId ?? column ?? ""), fieldValue],
  );
  const matching = Array.isArray(columns.matchingColumns) ? columns.matchingColumns.map(String) : [];
  const key = matching.length > 0 ? matching.join(", ") : source.text("columnToMatchOn");
  source.ignore("columns", "dataMode", "fieldsUi", "options.useAppend", "columnToMatchOn", "valueToMatchOn");
  const value = source.get("valueToMatchOn");
  const values = {
    ...Object.fromEntries(legacy.filter(([name]) => name !== "")),
    ...(isObject(columns.value) ? columns.value : {}),
    ...(mode === "defineBelow" && key !== "" && value !== undefined && value !== "" && { [key]: value }),
  };
  return { matchOn: key, ...(mode === "defineBelow" ? { columns: "fields", values } : { columns: "auto" }) };
}

const writing =
  (operation: "append" | "update" | "appendOrUpdate") =>
  (source: Source): Mapped => {
    const { matchOn = "", ...what } = written(source);
    const header = "options.locationDefine.values.headerRow";
    source.ignore("options.locationDefine.values.firstDataRow");
    return rows(source, {
      operation,
      ...place(source),
      ...(operation !== "append" && { matchOn }),
      ...what,
      ...(source.has("options.handlingExtraData") && { extra: source.option("options.handlingExtraData", EXTRA, "insertInNewColumn") }),
      ...(source.has(header) && { headerRow: number(source, header, 1) }),
      enter: source.text("options.cellFormat", "USER_ENTERED"),
    });
  };

/** Rows are a node of their own, as they are found by the names of their columns. */
const ROWS: Readonly<Record<string, (source: Source) => Mapped>> = {
  read,
  append: writing("append"),
  update: writing("update"),
  appendOrUpdate: writing("appendOrUpdate"),
};

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
  const first = source.text("startIndex", "A");
  if (!/^[A-Z]{1,3}$/.test(first)) return "clears columns that an expression names, which has no counterpart";
  return writes("clear-values", { ...spreadsheet(source), range: within(name, `${first}:${columnAfter(first, count - 1)}`) });
}

const columnPlace = (name: string): number => [...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

/** The column so many to the right. */
function columnAfter(name: string, steps: number): string {
  let text = "";
  for (let rest = columnPlace(name) + steps; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}

function remove(source: Source): ServiceCall | string {
  const ofColumns = source.text("toDelete", "rows") === "columns";
  const column = source.text("startIndex", "A");
  const isColumn = ofColumns && /^[A-Z]{1,3}$/.test(column);
  const start = isColumn ? columnPlace(column) : ofColumns ? column : source.number("startIndex", 2);
  const count = source.number("numberToDelete", 1);
  if (typeof start === "string" || typeof count === "string") return "deletes what an expression names, which has no counterpart";
  return writes("delete-rows", {
    ...spreadsheet(source),
    sheet_id: sheetNumber(source),
    dimension: ofColumns ? "COLUMNS" : "ROWS",
    start_index: start - 1,
    end_index: start - 1 + count,
  });
}

const TOOL = { key: "google-sheets", auth: "oauth2" } as const;

/** Google Sheets 3–4.7, but for its rows. */
const current = serviceNode(
  TOOL,
  {
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

export const googleSheets: NodeMapping = (source) => {
  if (source.version < 3) return firstVersions(source);
  const operation = source.text("operation", "read");
  const ofRows = source.text("resource", "sheet") === "sheet" && Object.hasOwn(ROWS, operation) ? ROWS[operation] : undefined;
  return ofRows ? ofRows(source) : current(source);
};

/** Google Sheets 1–2: one text says spreadsheet, sheet and columns. */
const firstVersions: NodeMapping = (source) => {
  const operation = source.text("operation", "read");
  source.ignore("options.continue", "options.usePathForKeyRow", "simple");
  const place = { spreadsheet: source.text("sheetId"), range: source.text("range", "A:F") };
  const headerRow = source.fixedNumber("keyRow", 0) + 1;
  const table = { ...place, headerRow };
  const enter = source.text("options.valueInputMode", "RAW");
  const show = source.text("options.valueRenderMode", "UNFORMATTED_VALUE");
  if (source.text("resource", "sheet") !== "sheet") return current(source);
  if (source.fixedFlag("rawData") && ["read", "append", "update"].includes(operation)) {
    return { type: "action", parameters: {}, placeholder: "takes or gives bare cells (raw data), which has no counterpart" };
  }
  source.ignore("dataProperty", "rawData");
  switch (operation) {
    case "read":
    case "lookup": {
      source.changed(null, "items have a row_number, too");
      const filters = [{ column: source.text("lookupColumn"), value: source.value("lookupValue", "") }];
      const all = source.fixedFlag("options.returnAllMatches");
      return rows(source, {
        operation: "read",
        ...table,
        firstDataRow: source.fixedNumber("dataStartRow", headerRow) + 1,
        ...(operation === "lookup" && { filters, firstMatchOnly: !all }),
        show,
      });
    }
    case "append":
      return rows(source, { operation, ...table, columns: "auto", extra: "ignore", enter });
    case "update":
    case "upsert":
    case "appendOrUpdate":
      source.ignore("dataStartRow");
      return rows(source, {
        operation: operation === "update" ? "update" : "appendOrUpdate",
        ...table,
        matchOn: source.text("key", "id"),
        columns: "auto",
        extra: "ignore",
        enter,
        show,
      });
    case "clear":
      return callNode(source, TOOL, writes("clear-values", { spreadsheet_id: place.spreadsheet, range: place.range }));
    case "create":
      return callNode(
        source,
        TOOL,
        writes("add-sheet", { spreadsheet_id: place.spreadsheet, title: given(source, "options.title") ?? "Sheet" }),
      );
    case "remove":
      return callNode(source, TOOL, writes("delete-sheet", { spreadsheet_id: place.spreadsheet, sheet_id: given(source, "id") }));
    case "delete": {
      const [first, ...more] = [
        ...source.list("toDelete.rows").map((each): JsonObject => ({ ...each, dimension: "ROWS" })),
        ...source.list("toDelete.columns").map((each): JsonObject => ({ ...each, dimension: "COLUMNS" })),
      ];
      if (!first || more.length > 0) break;
      const start = Number(first.startIndex ?? 0);
      return callNode(
        source,
        TOOL,
        writes("delete-rows", {
          spreadsheet_id: place.spreadsheet,
          sheet_id: first.sheetId ?? 0,
          dimension: first.dimension ?? "ROWS",
          start_index: start,
          end_index: start + Number(first.amount ?? 1),
        }),
      );
    }
  }
  return { type: "action", parameters: {}, placeholder: `with the operation "${operation}" in its first versions has no counterpart` };
};
