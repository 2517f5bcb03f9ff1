import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

const WRITES = ["csv", "html", "iCal", "toJson", "ods", "toText", "xlsx", "toBinary"];
const READS = ["csv", "html", "fromIcs", "fromJson", "ods", "pdf", "text", "xml", "xls", "xlsx", "binaryToPropery"];
const WRITE_OPTIONS = ["fileName", "headerRow", "delimiter", "sheetName", "format", "encoding", "addBOM", "mimeType"];
const READ_TABLE = [
  "headerRow",
  "delimiter",
  "encoding",
  "includeEmptyCells",
  "fromLine",
  "maxRowCount",
  "relaxQuotes",
  "sheetName",
  "range",
];

const file = (type: string, parameters: JsonObject): Mapped => ({ type, parameters });
const unknown = (operation: string): Mapped => ({
  ...file("no-op", {}),
  placeholder: `has the operation "${operation}", which has no counterpart yet`,
});

/** Convert to File 1–1.1. */
export const convertToFile: NodeMapping = (source) => {
  const operation = source.text("operation", "csv");
  // Old Excel files are written as new ones.
  const written = operation === "xls" ? "xlsx" : operation;
  if (operation === "xls") source.changed("operation", "an XLSX file is written in place of an XLS one");
  if (!WRITES.includes(written)) return unknown(operation);
  return file("convert-to-file", {
    operation: written,
    ...source.same("", "mode", "sourceProperty", "binaryPropertyName", "title", "start", "end", "allDay"),
    ...source.same("options", ...WRITE_OPTIONS),
    ...(operation === "iCal" && calendar(source)),
  });
};

function calendar(source: Source): JsonObject {
  const more = "additionalFields";
  const attendees = source.list(`${more}.attendeesUi.attendeeValues`);
  const { name, email } = source.object(`${more}.organizerUi.organizerValues`);
  const { lat, lon } = source.object(`${more}.geolocationUi.geolocationValues`);
  return {
    ...source.same(more, "description", "location", "url", "recurrenceRule", "status", "busyStatus", "calName", "sequence", "uid"),
    ...(attendees.length > 0 && { attendees }),
    ...(name !== undefined && { organizerName: name }),
    ...(email !== undefined && { organizerEmail: email }),
    ...(lat !== undefined && { latitude: lat }),
    ...(lon !== undefined && { longitude: lon }),
    useFlowTimezone: source.flag(`${more}.useWorkflowTimezone`),
  };
}

/** Extract from File 1. */
export const extractFromFile: NodeMapping = (source) => {
  const operation = source.text("operation", "csv");
  if (!READS.includes(operation)) return unknown(operation);
  return file("extract-from-file", {
    operation,
    ...source.same("", "binaryPropertyName", "destinationKey"),
    ...source.same("options", ...READ_TABLE, "stripBOM", "joinPages", "maxPages", "password", "keepSource"),
    ...(source.has("options.skipRecordsWithErrors") && {
      skipRecordsWithErrors:
        typeof source.value("options.skipRecordsWithErrors") === "object" || source.flag("options.skipRecordsWithErrors"),
    }),
  });
};

/** Read PDF, which became an operation of Extract from File. */
export const readPdf: NodeMapping = (source) => {
  source.ignore("encrypted");
  return file("extract-from-file", { operation: "pdf", ...source.same("", "binaryPropertyName", "password") });
};

/** Spreadsheet File 1–2: both directions in one node. */
export const spreadsheetFile: NodeMapping = (source) => {
  const field = source.same("", "binaryPropertyName");
  if (source.option("operation", { fromFile: "read", read: "read", fromBinary: "read", toFile: "write" }, "fromFile") === "write") {
    const format = source.text("fileFormat", "xls");
    const operation = format === "xls" ? "xlsx" : format;
    if (format === "xls") source.changed("fileFormat", "an XLSX file is written in place of an XLS one");
    if (!WRITES.includes(operation)) return unknown(format);
    return file("convert-to-file", { operation, ...field, ...source.same("options", "fileName", "headerRow", "sheetName") });
  }
  const format = source.text("fileFormat", "autodetect");
  const name = JSON.stringify(source.text("binaryPropertyName", "data"));
  const detected = `={{ /csv|text\\/plain/.test($binary[${name}].mimeType) ? "csv" : "xlsx" }}`;
  return file("extract-from-file", {
    operation: READS.includes(format) ? format : detected,
    ...field,
    ...source.same("options", ...READ_TABLE),
  });
};

/** Move Binary Data: a file's content into a field, or a field's into a file. */
export const moveBinaryData: NodeMapping = (source) =>
  source.option("mode", { binaryToJson: true, jsonToBinary: false }, "binaryToJson") ? binaryToJson(source) : jsonToBinary(source);

function binaryToJson(source: Source): Mapped {
  const sourceKey = source.text("sourceKey", "data");
  if (source.fixedFlag("setAllData", true)) {
    // Without a field to put it into the file's JSON is the whole item.
    const keepSource = source.fixedFlag("options.keepSource") ? "both" : "json";
    const given = { operation: "fromJson", binaryPropertyName: sourceKey, destinationKey: "", keepSource };
    return file("extract-from-file", { ...given, ...source.same("options", "encoding", "stripBOM") });
  }
  const base64 = source.fixedFlag("options.keepAsBase64");
  const parsed = source.fixedFlag("options.jsonParse");
  return file("extract-from-file", {
    operation: base64 ? "binaryToPropery" : parsed ? "fromJson" : "text",
    binaryPropertyName: sourceKey,
    destinationKey: source.text("destinationKey", "data"),
    ...source.same("options", "encoding", "stripBOM"),
    keepSource: source.fixedFlag("options.keepSource") ? "both" : "json",
  });
}

function jsonToBinary(source: Source): Mapped {
  const options = source.same("options", "fileName", "encoding", "addBOM", "mimeType");
  const binaryPropertyName = source.text("destinationKey", "data");
  if (source.fixedFlag("convertAllData", true)) {
    source.ignore("options.useRawData");
    return file("convert-to-file", { operation: "toJson", mode: "each", binaryPropertyName, ...options });
  }
  const base64 = source.fixedFlag("options.dataIsBase64");
  if (!base64 && !source.fixedFlag("options.useRawData", source.version >= 1.1)) {
    source.changed("options.useRawData", "the text is written as it is, without quotation marks around it");
  }
  const sourceProperty = source.text("sourceKey", "data");
  return file("convert-to-file", { operation: base64 ? "toBinary" : "toText", sourceProperty, binaryPropertyName, ...options });
}
