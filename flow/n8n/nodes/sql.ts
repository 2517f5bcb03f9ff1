import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";
import { bindQuery, splitValues } from "./sql-query";

const CONDITIONS: Readonly<Record<string, string>> = {
  equal: "equals",
  "=": "equals",
  "!=": "notEquals",
  LIKE: "like",
  ">": "larger",
  ">=": "largerEqual",
  "<": "smaller",
  "<=": "smallerEqual",
  "IS NULL": "isNull",
  "IS NOT NULL": "isNotNull",
};

const isTemplate = (text: string): boolean => text.startsWith("=") && text.includes("{{");

/** A name, or a resource locator with one. */
function nameAt(source: Source, path: string, fallback = ""): string {
  const value = source.get(path);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? source.text(`${path}.value`, fallback)
    : source.text(path, fallback);
}

const names = (value: Json | undefined): string =>
  Array.isArray(value) ? value.filter((each) => each !== "*").join(", ") : typeof value === "string" ? value : "";

/** The values for `$1`, `$2`, …: a list with commas between them, or one expression that gives them all. */
function replacements(source: Source): Json[] {
  const value = source.get("options.queryReplacement");
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") return [value];
  if (!isTemplate(value)) return splitValues(value.replace(/^=/, ""));
  return splitValues(value.slice(1)).map((part) => (part.includes("{{") ? `=${part}` : part));
}

function query(source: Source, marks: "numbered" | "marks"): JsonObject {
  const text = source.text("query");
  const given = replacements(source);
  const legacy = source.text("additionalFields.queryParams");
  const values = [...given, ...splitValues(legacy).map((name) => `={{ $json[${JSON.stringify(name)}] }}`)];
  if (/\$\d+:(name|raw|csv|json|value|list)/.test(text)) {
    source.missing(
      "query",
      "formats a value as a part of the SQL ($1:name and the like), which has no counterpart: write the name into the query",
    );
  }
  const {
    query: bound,
    parameters,
    bound: count,
    left,
  } = isTemplate(text) ? bindQuery(text.slice(1), values, marks) : bindQuery(text.replace(/^=/, ""), values, marks);
  if (count > 0) {
    source.changed(
      "query",
      `its expressions are given beside the SQL now (${count} ${count === 1 ? "parameter" : "parameters"}), so that no value can be taken for SQL; one that stands for a table, a column or a keyword must be written into the query`,
    );
  }
  for (const piece of left) source.missing("query", `has an expression where no value can be: ${piece}`);
  return { operation: "query", query: bound, parameters };
}

/** What is written: the item's fields, or those that are set. */
function valuesOf(source: Source, legacyList: string): JsonObject {
  if (source.has("columns.mappingMode")) {
    if (source.text("columns.mappingMode") !== "defineBelow") {
      source.ignore("columns");
      return { dataMode: "item" };
    }
    const values = source.object("columns.value");
    source.ignore("columns");
    return { dataMode: "fields", values: Object.entries(values).map(([column, value]) => ({ column, value })) };
  }
  if (source.version < 2) {
    // Names of the item's fields.
    const columns = splitValues(source.text("columns"));
    if (columns.length === 0) return { dataMode: "item" };
    const named = columns.map((each) => each.split(":")[0] as string);
    return { dataMode: "fields", values: named.map((column) => ({ column, value: `={{ $json[${JSON.stringify(column)}] }}` })) };
  }
  if (source.option("dataMode", { autoMapInputData: "item", defineBelow: "fields" }, "autoMapInputData") === "item")
    return { dataMode: "item" };
  const values = source.list(`${legacyList}.values`).map(({ column = "", value = null }) => ({ column, value }));
  return { dataMode: "fields", values };
}

function matching(source: Source, written: JsonObject): JsonObject {
  const columns = source.get("columns.matchingColumns");
  if (Array.isArray(columns)) return { ...written, matchColumns: columns.join(", ") };
  const column = source.version < 2 ? source.text("updateKey", "id") : nameAt(source, "columnToMatchOn");
  const values = Array.isArray(written.values) ? (written.values as JsonObject[]) : [];
  const has = values.some((each) => each.column === column);
  const value: Json = source.version < 2 ? `={{ $json[${JSON.stringify(column)}] }}` : source.value("valueToMatchOn");
  return { ...written, matchColumns: column, ...(written.dataMode === "fields" && !has && { values: [{ column, value }, ...values] }) };
}

const conditions = (source: Source): JsonObject => ({
  where: source.list("where.values").map(({ column = "", condition = "equal", value = null }) => ({
    column,
    operator: CONDITIONS[String(condition)] ?? "equals",
    value,
  })),
  combine: source.option("combineConditions", { AND: "and", OR: "or" }, "AND"),
});

function operationOf(source: Source, marks: "numbered" | "marks"): JsonObject | null {
  const table = { table: nameAt(source, "table") };
  switch (
    source.text("operation", source.version < 2 && marks === "numbered" ? "executeQuery" : source.version < 2 ? "insert" : "insert")
  ) {
    case "executeQuery":
      return query(source, marks);
    case "insert":
      return { operation: "insert", ...table, ...valuesOf(source, "valuesToSend"), skipConflicts: source.flag("options.skipOnConflict") };
    case "update":
      return { operation: "update", ...table, ...matching(source, valuesOf(source, "valuesToSend")) };
    case "upsert":
      return { operation: "upsert", ...table, ...matching(source, valuesOf(source, "valuesToSend")) };
    case "select":
      return {
        operation: "select",
        ...table,
        ...conditions(source),
        columns: names(source.get("options.outputColumns")),
        limit: source.flag("returnAll") === true ? 0 : source.number("limit", 50),
        sort: source.list("sort.values").map(({ column = "", direction = "ASC" }) => ({
          column,
          direction: String(direction).toUpperCase() === "DESC" ? "desc" : "asc",
        })),
      };
    case "deleteTable": {
      const command = source.option("deleteCommand", { truncate: "truncate", delete: "rows", drop: "drop" }, "truncate");
      return { operation: "delete", ...table, deleteCommand: command, ...(command === "rows" && conditions(source)) };
    }
    default:
      return null;
  }
}

function map(source: Source, type: "postgres" | "mysql", marks: "numbered" | "marks", extra: JsonObject): Mapped {
  source.ignore(
    "resource",
    "options.connectionTimeout",
    "options.detailedOutput",
    "options.nodeVersion",
    "returnFields",
    "options.delayClosingIdleConnection",
  );
  const operation = operationOf(source, marks);
  if (!operation) {
    return { type: "no-op", parameters: {}, placeholder: `does "${source.text("operation")}", which has no counterpart` };
  }
  const batching = source.option(
    source.version < 2 ? "additionalFields.mode" : "options.queryBatching",
    { single: "transaction", multiple: "transaction", transaction: "transaction", independently: "each" },
    "single",
  );
  return {
    type,
    parameters: {
      ...operation,
      batching,
      largeNumbers: source.option(
        "options.largeNumbersOutput",
        { text: "text", numbers: "numbers" },
        type === "postgres" ? "text" : "numbers",
      ),
      emptyAsNull: source.flag("options.replaceEmptyStrings"),
      ...extra,
    },
    credentials: { [type]: type === "postgres" ? "postgres" : "mySql" },
  };
}

/** Postgres 1–2.6. */
export const postgres: NodeMapping = (source) => map(source, "postgres", "numbered", { schema: nameAt(source, "schema", "public") });

/** MySQL 1–2.5. */
export const mySql: NodeMapping = (source) => {
  source.ignore("options.decimalNumbers", "options.priority");
  return map(source, "mysql", "marks", {});
};
