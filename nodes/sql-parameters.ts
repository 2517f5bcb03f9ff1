import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import type { Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const SQL_OPERATORS = [
  "equals",
  "notEquals",
  "larger",
  "largerEqual",
  "smaller",
  "smallerEqual",
  "like",
  "in",
  "isNull",
  "isNotNull",
] as const;
export type SqlOperator = (typeof SQL_OPERATORS)[number];

const conditionSchema = z.object({
  column: field(z.string().default(""), "Column"),
  operator: field(z.enum(SQL_OPERATORS).default("equals"), "Operator", {
    labels: {
      equals: "equals",
      notEquals: "does not equal",
      larger: ">",
      largerEqual: ">=",
      smaller: "<",
      smallerEqual: "<=",
      like: "is like",
      in: "is one of",
      isNull: "is null",
      isNotNull: "is not null",
    },
  }),
  value: field(z.unknown().optional(), "Value", {
    showIf: { operator: ["equals", "notEquals", "larger", "largerEqual", "smaller", "smallerEqual", "like", "in"] },
  }),
});
export type SqlCondition = z.infer<typeof conditionSchema>;

const valueSchema = z.object({
  column: field(z.string().default(""), "Column"),
  value: field(z.unknown().optional(), "Value"),
});

const sortSchema = z.object({
  column: field(z.string().default(""), "Column"),
  direction: field(z.enum(["asc", "desc"]).default("asc"), "Direction", { labels: { asc: "Ascending", desc: "Descending" } }),
});

const ON_TABLE = ["select", "insert", "upsert", "update", "delete"];
const WRITING = ["insert", "upsert", "update"];

/** What nodes of SQL databases ask for. */
export const sqlParameters = (placeholders: string) => ({
  operation: field(z.enum(["query", "select", "insert", "upsert", "update", "delete"]).default("query"), "Operation", {
    labels: {
      query: "Run a query",
      select: "Select rows",
      insert: "Insert rows",
      upsert: "Insert or update rows",
      update: "Update rows",
      delete: "Delete rows, or a table",
    },
  }),
  query: field(z.string().default(""), "Query", {
    control: "textarea",
    // A text that data became part of would be SQL; values go beside it.
    expression: false,
    placeholder: `SELECT * FROM orders WHERE id = ${placeholders.split(",")[0]}`,
    description: `SQL as it is: expressions have no meaning here. Values go into the parameters, and ${placeholders} stand for them.`,
    showIf: { operation: ["query"] },
    required: true,
  }),
  parameters: field(z.unknown().default([]), "Parameters", {
    control: "json",
    placeholder: "={{ [$json.id] }}",
    description: "A list of the values, in order. They are sent beside the query and never become a part of it.",
    showIf: { operation: ["query"] },
  }),
  readOnly: field(z.boolean().default(false), "Only reads", {
    description: "The database then refuses to change anything, and the query may be repeated.",
    showIf: { operation: ["query"] },
  }),
  table: field(z.string().default(""), "Table", { placeholder: "orders", showIf: { operation: ON_TABLE }, required: true }),
  deleteCommand: field(z.enum(["rows", "truncate", "drop"]).default("rows"), "What to delete", {
    labels: { rows: "Rows that meet the conditions", truncate: "All rows", drop: "The table" },
    showIf: { operation: ["delete"] },
  }),
  columns: field(z.string().default(""), "Columns", {
    placeholder: "id, name",
    description: "Those that are given out, with commas between them; all without any.",
    showIf: { operation: ["select"] },
  }),
  where: field(z.array(conditionSchema).max(100).default([]), "Conditions", { showIf: { operation: ["select", "delete"] } }),
  combine: field(z.enum(["and", "or"]).default("and"), "Combine", {
    labels: { and: "All conditions", or: "Any condition" },
    showIf: { operation: ["select", "delete"] },
  }),
  sort: field(z.array(sortSchema).max(20).default([]), "Sort by", { showIf: { operation: ["select"] } }),
  limit: field(z.number().int().min(0).max(100_000).default(50), "Limit", {
    description: "0 for no limit.",
    showIf: { operation: ["select"] },
  }),
  matchColumns: field(z.string().default(""), "Columns to match on", {
    placeholder: "id",
    description: "A row whose values in these columns are the item's is the one that is changed.",
    showIf: { operation: ["upsert", "update"] },
  }),
  dataMode: field(z.enum(["item", "fields"]).default("item"), "Values", {
    labels: { item: "The item's fields, by name", fields: "As set below" },
    showIf: { operation: WRITING },
  }),
  values: field(z.array(valueSchema).max(1000).default([]), "Columns and values", { showIf: { operation: WRITING, dataMode: ["fields"] } }),
  skipConflicts: field(z.boolean().default(false), "Skip rows that exist", {
    description: "A row that breaks a unique constraint is left out.",
    showIf: { operation: ["insert"] },
    advanced: true,
  }),
  batching: field(z.enum(["transaction", "each"]).default("transaction"), "Items", {
    labels: { transaction: "All or nothing, in one transaction", each: "One by one" },
    advanced: true,
  }),
  largeNumbers: field(z.enum(["text", "numbers"]).default("text"), "Large numbers as", {
    labels: { text: "Text, exactly", numbers: "Numbers, which may lose digits" },
    advanced: true,
  }),
  emptyAsNull: field(z.boolean().default(false), "Empty texts become null", { advanced: true }),
  maxRows: field(z.number().int().min(1).max(100_000).default(10_000), "Most rows", {
    description: "A query that gives more fails, instead of filling the memory.",
    advanced: true,
  }),
  timeoutSeconds: field(z.number().min(1).max(3600).default(60), "Time limit of a query in seconds", { advanced: true }),
});

const parametersSchema = z.object(sqlParameters("$1"));
export type SqlParameters = z.infer<typeof parametersSchema>;

const reads = ({ operation, readOnly }: JsonObject): boolean =>
  operation === "select" || ((operation ?? "query") === "query" && readOnly === true);

export const sqlEffect = (parameters: JsonObject): Effect => (reads(parameters) ? "read" : "write");

/** A second insert adds a second row, and what a query does nobody knows; the others end the same however often they run. */
export const sqlIsRepeatable = (parameters: JsonObject): boolean =>
  reads(parameters) || ["upsert", "update", "delete"].includes(String(parameters.operation));
