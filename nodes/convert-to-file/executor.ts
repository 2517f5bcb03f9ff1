import { randomUUID } from "node:crypto";
import { DateTime } from "luxon";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { getField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { parseDate } from "../date-time/parse-date";
import { encodeText } from "../encodings";
import { mimeTypeOf } from "../mime-types";
import { zoneOf } from "../route-items";
import { writeCalendar } from "./calendar-event";
import type { convertToFile } from "./definition";
import { type Cell, tableOf, writeCsv } from "./table";

type Parameters = z.infer<typeof convertToFile.parameters>;
type Context = NodeContext<Parameters>;

interface Written {
  bytes: Uint8Array;
  mimeType: string;
  /** When none is given. */
  fileName: string;
}

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const first = context.parameters(0);
  switch (first.operation) {
    case "csv":
    case "html":
    case "ods":
    case "xlsx":
      return [[await together(context, first, await table(context, first))]];
    case "toJson":
      if (first.mode === "once") {
        const all = context.items.map((item) => item.json);
        return [[await together(context, first, json(all, first, 0))]];
      }
      return mapItems(context, (item, index) => alone(context, index, json(item.json, context.parameters(index), index)));
    case "toText":
      return mapItems(context, (_, index) => alone(context, index, text(context, index)));
    case "toBinary":
      return mapItems(context, (_, index) => alone(context, index, base64(context, index)));
    case "iCal":
      return mapItems(context, (_, index) => alone(context, index, event(context, index)));
  }
};

async function stored(context: Context, { binaryPropertyName, fileName }: Parameters, written: Written): Promise<Item> {
  const file = await context.writeBinary(written.bytes, { mimeType: written.mimeType, fileName: fileName || written.fileName });
  return { json: {}, binary: { [binaryPropertyName]: file } };
}

const together = async (context: Context, parameters: Parameters, written: Written): Promise<Item> => ({
  ...(await stored(context, parameters, written)),
  pairedItem: context.items.map((_, index) => ({ item: index })),
});

const alone = async (context: Context, index: number, written: Written): Promise<Item> => ({
  ...(await stored(context, context.parameters(index), written)),
  pairedItem: { item: index },
});

const BYTE_ORDER_MARK = "\uFEFF";

const encoded = (value: string, encoding: string, mark: boolean, index: number): Uint8Array =>
  encodeText(mark && /^utf/i.test(encoding) ? BYTE_ORDER_MARK + value : value, encoding, index);

async function table(context: Context, { operation, headerRow, delimiter, sheetName, addBOM }: Parameters): Promise<Written> {
  const rows = tableOf(
    context.items.map((item) => item.json),
    headerRow,
  );
  switch (operation) {
    case "csv":
      return {
        bytes: encoded(writeCsv(rows, delimiter === "\\t" ? "\t" : delimiter), "utf8", addBOM, 0),
        mimeType: "text/csv",
        fileName: "spreadsheet.csv",
      };
    case "html":
      return { bytes: Buffer.from(htmlPage(rows, headerRow)), mimeType: "text/html", fileName: "spreadsheet.html" };
    default: {
      const { writeOds, writeXlsx } = await import("hucre");
      // Excel takes no more than 31 characters, and none of these.
      const name = sheetName.replace(/[\\/?*[\]:]/g, "_").slice(0, 31) || "Sheet";
      const write = operation === "ods" ? writeOds : writeXlsx;
      const bytes = await write({ sheets: [{ name, rows }] });
      return { bytes, mimeType: mimeTypeOf(operation), fileName: `spreadsheet.${operation}` };
    }
  }
}

const escapeHtml = (value: Cell): string =>
  String(value ?? "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");

function htmlPage(rows: readonly (readonly Cell[])[], headerRow: boolean): string {
  const lines = rows.map((row, index) => {
    const tag = headerRow && index === 0 ? "th" : "td";
    return `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  });
  return `<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>Items</title></head>\n<body>\n<table>\n${lines.join("\n")}\n</table>\n</body>\n</html>\n`;
}

const json = (value: Json, { format, encoding, addBOM }: Parameters, index: number): Written => ({
  bytes: encoded(JSON.stringify(value, null, format ? 2 : undefined), encoding, addBOM, index),
  mimeType: "application/json",
  fileName: "file.json",
});

function source(context: Context, index: number): Json {
  const { sourceProperty } = context.parameters(index);
  const value = getField(context.items[index]?.json ?? {}, sourceProperty);
  if (value !== undefined && value !== null) return value;
  throw new ParameterError("sourceProperty", `the item has no field "${sourceProperty}" that could become a file`, index);
}

function text(context: Context, index: number): Written {
  const { encoding, addBOM } = context.parameters(index);
  const value = source(context, index);
  const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
  return { bytes: encoded(shown, encoding, addBOM, index), mimeType: "text/plain", fileName: "file.txt" };
}

function base64(context: Context, index: number): Written {
  const { mimeType, fileName } = context.parameters(index);
  const value = source(context, index);
  const [, typed, given] = /^(?:data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=-]+)*,)?([\s\S]*)$/.exec(typeof value === "string" ? value : "") ?? [];
  const bare = (given ?? "").replace(/\s/g, "");
  if (bare === "" || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) throw new ParameterError("sourceProperty", "the field holds no Base64", index);
  return { bytes: Buffer.from(bare, "base64"), mimeType: mimeType || typed || mimeTypeOf(fileName), fileName: "file" };
}

function event(context: Context, itemIndex: number): Written {
  const parameters = context.parameters(itemIndex);
  const zone = zoneOf(context, itemIndex)();
  const start = parseDate(parameters.start, { field: "start", itemIndex, zone });
  const end = parameters.end === "" ? start : parseDate(parameters.end, { field: "end", itemIndex, zone });
  if (end < start) throw new ParameterError("end", "is before the start", itemIndex);
  const calendar = writeCalendar({
    ...parameters,
    start,
    end,
    uid: parameters.uid || randomUUID(),
    ...(parameters.useFlowTimezone && { zone }),
    stamp: DateTime.fromMillis(Number(context.evaluate("={{ $now.toMillis() }}", itemIndex))),
  });
  return { bytes: Buffer.from(calendar), mimeType: "text/calendar", fileName: "event.ics" };
}
