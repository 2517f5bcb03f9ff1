import { readFileSync } from "node:fs";
import type { Item } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import { type ReadFlow, readFlowJson } from "@/flow/n8n/read-flow";
import { N8nImportError } from "@/flow/n8n/schema";
import { itemsSchema } from "@/server/services/executions/items";
import { CommandError } from "../failure";

/**
 * A flow as it lies in a file: ours, or a workflow of n8n.
 * @throws CommandError that says what is wrong with it
 */
export function readFlow(file: string): ReadFlow {
  const json = readJson(file);
  try {
    return readFlowJson(json);
  } catch (error) {
    if (!(error instanceof N8nImportError)) throw error;
    throw new CommandError(`${file}: ${error.message}`);
  }
}

/**
 * What `--input` says: an object is one item's json, an array a list of those, or of whole items (`{"json":…}`).
 * @param given JSON, or `@file`
 */
export function readInput(given: string): Item[] {
  const value = given.startsWith("@") ? readJson(given.slice(1)) : parseJson(given, "--input");
  const list = Array.isArray(value) ? value : [value];
  const items = itemsSchema.safeParse(list);
  if (items.success && list.every((entry) => Object.keys(entry).every((key) => ["json", "binary", "pairedItem"].includes(key)))) {
    return items.data;
  }
  return list.map((entry, index) => {
    const json = jsonObjectSchema.safeParse(entry);
    if (!json.success) throw new CommandError(`--input: item ${index} is not a JSON object`);
    return { json: json.data };
  });
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(
      `Cannot read ${file}: ${(error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(error)}`,
    );
  }
  return parseJson(text, file);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${where} is not JSON: ${(error as Error).message}`);
  }
}
