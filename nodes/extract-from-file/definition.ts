import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const when = (...operation: string[]) => ({ operation });
const tables = when("csv", "html", "ods", "xls", "xlsx");
const sheets = when("ods", "xls", "xlsx");
const whole = when("fromIcs", "fromJson", "text", "xml", "binaryToPropery");

export const extractFromFile = defineNode({
  type: "extract-from-file",
  version: 1,
  name: "Extract from File",
  description: "Reads files into items: CSV, Excel, JSON, text, HTML tables, calendars, PDF and more.",
  category: "data",
  icon: "upload",
  parameters: z.object({
    operation: field(
      z.enum(["csv", "html", "fromIcs", "fromJson", "ods", "pdf", "text", "xml", "xls", "xlsx", "binaryToPropery"]).default("csv"),
      "Extract from",
      {
        labels: {
          csv: "CSV",
          html: "HTML table",
          fromIcs: "Calendar (ICS)",
          fromJson: "JSON",
          ods: "OpenDocument spreadsheet (ODS)",
          pdf: "PDF",
          text: "Text",
          xml: "XML, as text",
          xls: "Excel 97–2003 (XLS)",
          xlsx: "Excel (XLSX)",
          binaryToPropery: "Any file, as Base64",
        },
      },
    ),
    binaryPropertyName: field(z.string().min(1).default("data"), "File", { description: "Name of the item's file." }),
    destinationKey: field(z.string().default("data"), "Put data in", {
      description: "Dots reach into objects. Empty, for JSON: its objects become the items.",
      showIf: whole,
    }),
    headerRow: field(z.boolean().default(true), "First row has the names", {
      description: "Off: each item holds its cells in a list, `row`.",
      showIf: tables,
    }),
    delimiter: field(z.string().min(1).max(5).default(","), "Delimiter", { showIf: when("csv"), advanced: true }),
    encoding: field(z.string().default("utf8"), "Encoding", {
      placeholder: "utf8, latin1, windows-1252, shift_jis",
      showIf: when("csv", "html", "fromIcs", "fromJson", "text", "xml"),
      advanced: true,
    }),
    includeEmptyCells: field(z.boolean().default(false), "With empty cells", {
      description: "Fields of empty cells are empty text. Off: they are left out.",
      showIf: tables,
      advanced: true,
    }),
    fromLine: field(z.number().int().min(0).default(0), "First line", {
      description: "Counted from 1; what is before it is left out.",
      showIf: when("csv"),
      advanced: true,
    }),
    maxRowCount: field(z.number().int().min(-1).default(-1), "Max rows", { description: "-1: all.", showIf: tables, advanced: true }),
    relaxQuotes: field(z.boolean().default(false), "Allow quotes within cells", { showIf: when("csv"), advanced: true }),
    skipRecordsWithErrors: field(z.boolean().default(false), "Skip rows with errors", { showIf: when("csv"), advanced: true }),
    sheetName: field(z.string().default(""), "Sheet", { description: "Empty: the first.", showIf: sheets, advanced: true }),
    range: field(z.string().default(""), "Range", {
      description: "Cells, or the number of the first row, counted from 0.",
      placeholder: "A2:D100",
      showIf: sheets,
      advanced: true,
    }),
    dates: field(z.enum(["serial", "iso"]).default("serial"), "Dates", {
      labels: { serial: "As numbers, as Excel counts days", iso: "As ISO 8601 text" },
      showIf: sheets,
      advanced: true,
    }),
    stripBOM: field(z.boolean().default(true), "Without the byte order mark", { showIf: when("text", "xml"), advanced: true }),
    joinPages: field(z.boolean().default(true), "Pages as one text", { showIf: when("pdf"), advanced: true }),
    maxPages: field(z.number().int().min(0).default(0), "Max pages", { description: "0: all.", showIf: when("pdf"), advanced: true }),
    password: field(z.string().default(""), "Password", { control: "password", showIf: when("pdf", "xlsx", "xls"), advanced: true }),
    keepSource: field(z.enum(["none", "json", "binary", "both"]).default("none"), "Keep of the item", {
      labels: { none: "Nothing", json: "Its fields", binary: "Its files", both: "Both" },
      showIf: when("fromIcs", "fromJson", "text", "xml", "binaryToPropery", "pdf"),
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
