import type { z } from "zod";
import type { Json, JsonObject } from "@/flow/item";
import type { html } from "./definition";

type Options = Pick<
  z.infer<typeof html.parameters>,
  "capitalize" | "caption" | "customStyling" | "tableAttributes" | "headerAttributes" | "rowAttributes" | "cellAttributes"
>;

const CELL = 'style="border:1px solid #d1d5db;padding:6px 10px;text-align:left;vertical-align:top"';
const TABLE = 'style="border-collapse:collapse;font-family:Helvetica,Arial,sans-serif;font-size:14px"';

export const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

const shown = (value: Json | undefined): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** Rows as a table, with a column for every field that one of them has. What is in them is shown as text. */
export function htmlTable(rows: readonly JsonObject[], options: Options): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const open = (tag: string, own: string, style = ""): string => {
    const attributes = [options.customStyling ? "" : style, own].filter((part) => part !== "").join(" ");
    return attributes === "" ? `<${tag}>` : `<${tag} ${attributes}>`;
  };
  const header = (name: string): string =>
    options.capitalize
      ? name.replace(/[_-]+/g, " ").replace(/(^|\s)(\S)/g, (_, space: string, first: string) => space + first.toUpperCase())
      : name;
  const row = (cells: string[]): string => `${open("tr", options.rowAttributes)}${cells.join("")}</tr>`;
  const head = row(names.map((name) => `${open("th", options.headerAttributes, CELL)}${escapeHtml(header(name))}</th>`));
  const body = rows.map((json) =>
    row(names.map((name) => `${open("td", options.cellAttributes, CELL)}${escapeHtml(shown(json[name]))}</td>`)),
  );
  const caption = options.caption === "" ? "" : `<caption>${escapeHtml(options.caption)}</caption>`;
  return `${open("table", options.tableAttributes, TABLE)}${caption}<thead>${head}</thead><tbody>${body.join("")}</tbody></table>`;
}
