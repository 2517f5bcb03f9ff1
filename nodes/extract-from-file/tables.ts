import { CsvError, parse } from "csv-parse/sync";
import { unzipSync } from "fflate";
import { type CellValue, dateToSerial, readOds, readXls, readXlsx } from "hucre";
import type { Json } from "@/flow/item";
import { readHtml } from "../read-html";

export type Rows = Json[][];

export interface CsvOptions {
  delimiter: string;
  fromLine: number;
  relaxQuotes: boolean;
  skipRecordsWithErrors: boolean;
}

/** @throws Error that names the line. */
export function csvRows(text: string, { delimiter, fromLine, relaxQuotes, skipRecordsWithErrors }: CsvOptions): Rows {
  try {
    return parse(text, {
      delimiter: delimiter === "\\t" ? "\t" : delimiter,
      from_line: Math.max(1, fromLine),
      relax_quotes: relaxQuotes,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: skipRecordsWithErrors,
    }) as string[][];
  } catch (error) {
    if (error instanceof CsvError) throw new Error(`is not valid CSV: ${error.message}`);
    throw error;
  }
}

/** Cells of the first table of a page. */
export function htmlRows(text: string): Rows {
  const $ = readHtml(text);
  const table = $("table").first();
  if (table.length === 0) throw new Error("has no table");
  return table
    .find("tr")
    .toArray()
    .map((row) =>
      $(row)
        .children("th, td")
        .toArray()
        .map((cell) => typed($(cell).text().replace(/\s+/g, " ").trim())),
    );
}

/** What looks like a number in a page is one. */
const typed = (text: string): Json => (/^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text) ? Number(text) : text);

export interface SheetOptions {
  sheetName: string;
  range: string;
  dates: "serial" | "iso";
  password: string;
}

const READERS = { ods: readOds, xls: readXls, xlsx: readXlsx };
/** A spreadsheet that unpacks to more is no spreadsheet. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** What a file is by its first bytes where they tell: programs name workbooks of every kind `.xls`. */
function kindOf(bytes: Uint8Array, named: keyof typeof READERS): keyof typeof READERS {
  const start = Buffer.from(bytes.subarray(0, 100)).toString("latin1");
  if (!start.startsWith("PK\u0003\u0004")) return named;
  return start.includes("mimetypeapplication/vnd.oasis.opendocument.spreadsheet") ? "ods" : "xlsx";
}

/** Cells of one sheet. @throws Error for a file of another kind, a sheet that isn't there, a range that is none. */
export async function sheetRows(bytes: Uint8Array, named: keyof typeof READERS, options: SheetOptions): Promise<Rows> {
  const kind = kindOf(bytes, named);
  const { sheetName, range, dates, password } = options;
  if (kind !== "xls") checkUnpackedSize(bytes);
  if (kind === "ods") checkRepeats(bytes);
  const { sheets } = await READERS[kind](bytes, password === "" ? {} : { password });
  const sheet = sheetName === "" ? sheets[0] : sheets.find((each) => each.name === sheetName);
  if (!sheet) throw new Error(`has no sheet "${sheetName}": it has ${sheets.map((each) => `"${each.name}"`).join(", ")}`);
  const rows = sheet.rows.map((row) => row.map((cell) => cellValue(cell, dates)));
  return range.trim() === "" ? rows : inRange(rows, range.trim());
}

function checkUnpackedSize(bytes: Uint8Array): void {
  let total = 0;
  try {
    unzipSync(bytes, {
      filter: ({ originalSize }) => {
        total += originalSize;
        return false;
      },
    });
  } catch {
    // An encrypted workbook is no ZIP; the reader says what is wrong with anything else.
    return;
  }
  if (total > MAX_UNPACKED_BYTES) throw new Error(`unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MB`);
}

/** Columns of the widest sheet that a program makes. */
const MAX_COLUMNS = 16_384;

/** A cell can say that it stands for any number of them. */
function checkRepeats(bytes: Uint8Array): void {
  let content: Uint8Array | undefined;
  try {
    content = unzipSync(bytes, { filter: ({ name }) => name === "content.xml" })["content.xml"];
  } catch {
    return;
  }
  const text = new TextDecoder().decode(content);
  for (const [, times = ""] of text.matchAll(/number-columns-repeated\s*=\s*["']\s*(\d+)/g)) {
    if (Number(times) > MAX_COLUMNS) throw new Error(`repeats a cell more than ${MAX_COLUMNS} times`);
  }
}

function cellValue(cell: CellValue | undefined, dates: "serial" | "iso"): Json {
  if (cell instanceof Date) return dates === "iso" ? cell.toISOString() : dateToSerial(cell);
  return typeof cell === "object" ? null : (cell ?? null);
}

function inRange(rows: Rows, range: string): Rows {
  if (/^\d+$/.test(range)) return rows.slice(Number(range));
  const [, left, top, right, bottom] = /^([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?$/i.exec(range) ?? [];
  if (left === undefined || top === undefined) throw new Error(`can't be read by the range "${range}": write it like A2:D100`);
  const first = columnIndex(left);
  const last = right === undefined ? undefined : columnIndex(right) + 1;
  return rows.slice(Number(top) - 1, bottom === undefined ? undefined : Number(bottom)).map((row) => row.slice(first, last));
}

const columnIndex = (letters: string): number =>
  [...letters.toUpperCase()].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
