import { readFileSync } from "node:fs";
import { type FlowFile, flowFileSchema } from "@/flow/graph/schema";
import type { Item } from "@/flow/item";
import { importN8n } from "@/flow/n8n/import";
import type { ImportReport } from "@/flow/n8n/report";
import { isN8nWorkflow } from "@/flow/n8n/schema";
import { itemsSchema, jsonObjectSchema } from "@/server/services/executions/items";
import { CommandError } from "../failure";

export interface ReadFlow {
  flow: FlowFile;
  /** What the import made of it; null for a flow of our own. */
  report: ImportReport | null;
}

/**
 * A flow as it lies in a file: ours, or a workflow of n8n.
 * @throws CommandError that names the field
 */
export function readFlow(file: string): ReadFlow {
  const json = readJson(file);
  if (isN8nWorkflow(json)) return importN8n(json);
  const parsed = flowFileSchema.safeParse(json);
  if (parsed.success) return { flow: parsed.data, report: null };
  const issue = parsed.error.issues[0];
  throw new CommandError(`${file} is no flow: ${issue?.path.join(".") || "the file"}: ${issue?.message}`);
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
