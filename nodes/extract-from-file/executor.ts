import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { decodeText } from "../encodings";
import { fileOf } from "../files";
import { zoneOf } from "../route-items";
import type { extractFromFile } from "./definition";
import { objectsOf } from "./rows";

type Parameters = z.infer<typeof extractFromFile.parameters>;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, async (item, index) => {
    const parameters = context.parameters(index);
    const bytes = await context.readBinary(fileOf(item, parameters.binaryPropertyName, "binaryPropertyName", index));
    try {
      return (await extracted(context, parameters, bytes, index)).map((json) => kept(item, json, parameters, index));
    } catch (error) {
      if (error instanceof ParameterError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ParameterError("binaryPropertyName", `the file "${parameters.binaryPropertyName}" ${reason}`, index);
    }
  });

async function extracted(
  context: NodeContext<Parameters>,
  parameters: Parameters,
  bytes: Uint8Array,
  index: number,
): Promise<JsonObject[]> {
  const { operation, destinationKey, encoding } = parameters;
  const text = (keepMark = false): string => decodeText(bytes, encoding, index, keepMark);
  const placed = (value: Json): JsonObject[] => {
    if (destinationKey === "") throw new ParameterError("destinationKey", "is empty: name the field that takes the data", index);
    return [setField({}, destinationKey, value)];
  };
  switch (operation) {
    case "csv":
      return objectsOf((await import("./tables")).csvRows(text(), parameters), parameters);
    case "html":
      return objectsOf((await import("./tables")).htmlRows(text()), parameters);
    case "ods":
    case "xls":
    case "xlsx":
      return objectsOf(await sheet(bytes, operation, parameters), parameters);
    case "pdf":
      return [await (await import("./read-pdf")).readPdf(bytes, parameters)];
    case "fromJson":
      return destinationKey === "" ? objects(json(text())) : placed(json(text()));
    case "fromIcs":
      return placed((await import("./read-calendar")).readCalendar(text(), zoneOf(context, index)()));
    case "text":
    case "xml":
      return placed(text(!parameters.stripBOM));
    case "binaryToPropery":
      return placed(Buffer.from(bytes).toString("base64"));
  }
}

async function sheet(bytes: Uint8Array, kind: "ods" | "xls" | "xlsx", parameters: Parameters) {
  const { sheetRows } = await import("./tables");
  try {
    return await sheetRows(bytes, kind, parameters);
  } catch (error) {
    const { name, message } = error as Error;
    // The reader's own errors say what is wrong inside of the file; ours begin with a verb.
    throw name === "Error" ? error : new Error(`is not a ${kind.toUpperCase()} file that can be read: ${message}`);
  }
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`is not valid JSON: ${(error as Error).message}`);
  }
}

/** JSON that becomes items of its own. */
function objects(value: Json): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).map((entry) => {
    if (typeof entry === "object" && entry !== null && !Array.isArray(entry)) return entry;
    throw new Error("holds JSON that is no object, which only fits into a field: name one");
  });
}

const keepsJson: ReadonlySet<string> = new Set(["json", "both"]);
const keepsBinary: ReadonlySet<string> = new Set(["binary", "both"]);

const kept = (item: Item, json: JsonObject, { keepSource }: Parameters, index: number): Item => ({
  json: keepsJson.has(keepSource) ? { ...item.json, ...json } : json,
  ...(keepsBinary.has(keepSource) && item.binary && { binary: item.binary }),
  pairedItem: { item: index },
});
