import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";

/** Date & Time 1–2. */
export const dateTime: NodeMapping = (source) => ({
  type: "date-time",
  parameters: source.version >= 2 ? current(source) : legacy(source),
});

const same = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, name]));

const OPERATIONS = same("getCurrentDate", "formatDate", "addToDate", "subtractFromDate", "roundDate", "extractDate", "getTimeBetweenDates");

function current(source: Source): JsonObject {
  const operation = source.option("operation", OPERATIONS, "getCurrentDate");
  return {
    operation,
    ...operationParameters(source, operation),
    outputFieldName: source.text("outputFieldName"),
    includeInputFields: source.flag("options.includeInputFields"),
  };
}

function operationParameters(source: Source, operation: string): JsonObject {
  switch (operation) {
    case "getCurrentDate":
      return { includeTime: source.flag("includeTime", true), timezone: source.text("options.timezone") };
    case "formatDate": {
      const format = source.text("format", "MM/dd/yyyy");
      return {
        date: source.value("date", ""),
        format: format === "custom" ? source.text("customFormat") : format,
        fromFormat: source.text("options.fromFormat"),
        useFlowTimezone: source.flag("options.timezone"),
      };
    }
    case "roundDate":
      return {
        date: source.value("date", ""),
        mode: source.option("mode", same("roundDown", "roundUp"), "roundDown"),
        toNearest: source.text("toNearest") || source.text("to", "month"),
      };
    case "extractDate":
      return { date: source.value("date", ""), part: source.text("part", "month") };
    case "getTimeBetweenDates":
      return {
        startDate: source.value("startDate", ""),
        endDate: source.value("endDate", ""),
        units: source.value("units", ["day"]),
        isoString: source.flag("options.isoString"),
      };
    default:
      return { date: source.value("magnitude", ""), duration: source.number("duration", 0), timeUnit: source.text("timeUnit", "days") };
  }
}

/** Version 1 put its result beside the other fields, and wrote formats with moment's letters. */
function legacy(source: Source): JsonObject {
  const common = { outputFieldName: source.text("dataPropertyName", "data"), includeInputFields: true };
  const date: Json = source.value("value", "");
  if (source.option("action", { format: "format", calculate: "calculate" }, "format") === "calculate") {
    const operation = source.option("operation", { add: "addToDate", subtract: "subtractFromDate" }, "add");
    source.ignore("options.fromFormat");
    return {
      operation,
      toTimezone: "UTC",
      date,
      duration: source.number("duration", 0),
      timeUnit: source.text("timeUnit", "days"),
      ...common,
    };
  }
  source.ignore("custom");
  const fromFormat = source.text("options.fromFormat");
  return {
    operation: "formatDate",
    date,
    format: momentToLuxon(source.text("toFormat", "MM/DD/YYYY")),
    fromFormat: fromFormat === "" ? "" : momentToLuxon(fromFormat),
    fromTimezone: source.text("options.fromTimezone"),
    toTimezone: source.text("options.toTimezone"),
    useFlowTimezone: true,
    ...common,
  };
}

/** The letters that differ; those not listed mean the same, or are text. */
const LETTERS: Readonly<Record<string, string>> = {
  YYYY: "yyyy",
  YY: "yy",
  DD: "dd",
  D: "d",
  DDDD: "ooo",
  DDD: "o",
  dddd: "cccc",
  ddd: "ccc",
  A: "a",
  Z: "ZZ",
  ZZ: "ZZZ",
  E: "c",
};

/** `[text]` is literal in the one, `'text'` in the other. */
const momentToLuxon = (format: string): string =>
  format.startsWith("=")
    ? format
    : format.replace(/\[([^\]]*)\]|([A-Za-z])\2*/g, (token: string, literal: string | undefined) =>
        literal !== undefined ? `'${literal}'` : token === "T" ? "'T'" : (LETTERS[token] ?? token),
      );
