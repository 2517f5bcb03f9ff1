import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const when = (...operation: string[]) => ({ operation });
const writing = when("append", "update", "appendOrUpdate");
const byKey = when("update", "appendOrUpdate");

export const googleSheets = defineNode({
  type: "google-sheets",
  version: 1,
  name: "Google Sheets Rows",
  description: "Reads, finds, adds and updates rows of a sheet by the names of its columns.",
  category: "integration",
  icon: "table",
  parameters: z.object({
    operation: field(z.enum(["read", "append", "update", "appendOrUpdate"]).default("read"), "Operation", {
      labels: { read: "Get rows", append: "Append rows", update: "Update rows", appendOrUpdate: "Append or update rows" },
      expression: false,
    }),
    spreadsheet: field(z.string().max(2000).default(""), "Spreadsheet", {
      description: "Its address or id.",
      placeholder: "https://docs.google.com/spreadsheets/d/…",
      required: true,
    }),
    sheet: field(z.union([z.string(), z.number()]).default(""), "Sheet", {
      description: "Its name, or gid= and its number. Empty: the first one.",
      placeholder: "Sheet1",
      control: "text",
    }),
    filters: field(
      z
        .array(
          z.object({
            column: field(z.string().default(""), "Column"),
            value: field(z.unknown().default(""), "Value", { control: "text" }),
          }),
        )
        .max(50)
        .default([]),
      "Only rows where",
      { showIf: when("read") },
    ),
    combine: field(z.enum(["and", "or"]).default("and"), "Of several", {
      labels: { and: "All must be so", or: "One must be so" },
      showIf: when("read"),
    }),
    firstMatchOnly: field(z.boolean().default(false), "The first one only", { showIf: when("read") }),
    matchOn: field(z.string().max(2000).default(""), "Find the row by", {
      description: "The columns, with commas, whose values say which row it is; or row_number.",
      placeholder: "E-mail",
      required: true,
      showIf: byKey,
    }),
    columns: field(z.enum(["auto", "fields"]).default("auto"), "Columns", {
      labels: { auto: "From the item's fields of the same names", fields: "Filled in below" },
      showIf: writing,
    }),
    values: field(z.record(z.string(), z.unknown()).default({}), "Values by column", {
      control: "keyvalue",
      showIf: { ...writing, columns: ["fields"] },
    }),
    extra: field(z.enum(["insert", "ignore", "error"]).default("insert"), "Fields without a column", {
      labels: { insert: "Get a new column", ignore: "Are left out", error: "Are an error" },
      showIf: { ...writing, columns: ["auto"] },
    }),
    range: field(z.string().max(500).default(""), "Range", {
      description: "Only this part of the sheet; its first row names the columns.",
      placeholder: "B3:F",
      advanced: true,
    }),
    headerRow: field(z.number().int().min(1).default(1), "Row of the column names", { advanced: true }),
    firstDataRow: field(z.number().int().min(1).default(2), "First row of data", { showIf: when("read"), advanced: true }),
    show: field(z.enum(["UNFORMATTED_VALUE", "FORMATTED_VALUE", "FORMULA"]).default("UNFORMATTED_VALUE"), "Values", {
      labels: { UNFORMATTED_VALUE: "As they are", FORMATTED_VALUE: "As they are shown", FORMULA: "Formulas" },
      advanced: true,
    }),
    enter: field(z.enum(["USER_ENTERED", "RAW"]).default("USER_ENTERED"), "Enter values", {
      labels: { USER_ENTERED: "As if typed: dates, numbers and formulas are read", RAW: "As they are" },
      showIf: writing,
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: ({ operation }) => (operation === undefined || operation === "read" ? "read" : "write"),
  // Rows that are found by a key are the same rows the second time.
  repeatable: ({ operation }) => operation !== "append",
  credentials: [{ name: "tool", label: "Credential", types: ["oauth2", "bearer", "custom"], tool: "google-sheets", required: true }],
  sample: [{ row_number: 2, Name: "Ada", "E-mail": "ada@example.com" }],
});
