import { FatalError, type StepError } from "@/flow/execution/errors";
import type { Binary, Item, Json, JsonObject, PairedItem } from "@/flow/item";
import { scriptErrorText } from "./script-error-text";

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: Json): string => (value === null ? "nothing" : Array.isArray(value) ? "a list" : `a ${typeof value}`);

/**
 * The items that code for all items returned: a list of items (`{ json }`) or of plain objects, or a single one of them.
 * @throws FatalError that says what it returned instead.
 */
export function itemsFromAll(value: Json, knownFiles: ReadonlySet<string>): Item[] {
  const list = Array.isArray(value) ? value : [value];
  const wrapped = list.some((entry) => isObject(entry) && Object.hasOwn(entry, "json"));
  return list.map((entry, index) => {
    if (!isObject(entry)) {
      const what = Array.isArray(value) ? `Entry ${index} of the list is ${shown(entry)}` : `It returned ${shown(entry)}`;
      throw new CodeResultError("Code doesn't return items properly", `${what}. Return a list of objects, one for each item to output.`);
    }
    return wrapped ? asItem(entry, ` [item ${index}]`, knownFiles) : { json: entry };
  });
}

/**
 * The items that code for each item returned, in the order of their inputs; null leaves the item out.
 * @param results What the prelude collected, `{ value, missing }` or `{ error }` each. It comes out of the sandbox: code may have put anything in its place.
 */
export function itemsFromEach(results: Json, knownFiles: ReadonlySet<string>): Item[] {
  if (!Array.isArray(results)) throw new FatalError("The code must return one object for each item, and end nothing that it did not begin");
  return results.flatMap((entry, index): Item[] => {
    const result = isObject(entry) ? entry : {};
    const pairedItem = { item: index };
    if (typeof result.error === "string") {
      const error: StepError = { name: "FatalError", message: result.error, itemIndex: index };
      return [{ json: { error: scriptErrorText(result.error) }, error, pairedItem }];
    }
    const value = result.value ?? null;
    if (value === null && !result.missing) return [];
    if (!isObject(value)) {
      const what = Array.isArray(value) ? "a single object" : "an object";
      throw new CodeResultError(
        `Code doesn't return ${what} [item ${index}]`,
        `It must return one for each item, but returned ${shown(value)}.`,
      );
    }
    const item = Object.hasOwn(value, "json") ? asItem(value, ` [item ${index}]`, knownFiles) : { json: value };
    return [{ ...item, pairedItem }];
  });
}

/** What is wrong with what the code returned, in n8n's words, and what to return instead. */
class CodeResultError extends FatalError {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

function asItem(entry: JsonObject, where: string, knownFiles: ReadonlySet<string>): Item {
  const { json, binary, pairedItem } = entry;
  const unknown = Object.keys(entry).find((key) => !["json", "binary", "pairedItem", "error", "index"].includes(key));
  if (unknown !== undefined) {
    throw new CodeResultError(`Unknown top-level item key: ${unknown}${where}`, "Put it inside of 'json'.");
  }
  if (!isObject(json)) throw new FatalError(`A 'json' property isn't an object${where}`);
  const paired = pairing(pairedItem);
  return {
    json,
    ...(isObject(binary) && Object.keys(binary).length > 0 && { binary: files(binary, knownFiles, where) }),
    ...(paired !== undefined && { pairedItem: paired }),
  };
}

/** A reference into the payload store is only taken from items that the code was given: it can't make one up. */
function files(binary: JsonObject, knownFiles: ReadonlySet<string>, where: string): Record<string, Binary> {
  return Object.fromEntries(
    Object.entries(binary).map(([name, file]) => {
      if (!isObject(file) || typeof file.mimeType !== "string")
        throw new FatalError(`The file "${name}" needs a mimeType and data${where}`);
      const { id, data } = file;
      if (id !== undefined && !(typeof id === "string" && knownFiles.has(id))) {
        throw new FatalError(`The file "${name}" refers to stored data that this node was not given${where}`);
      }
      if (id === undefined && typeof data !== "string") throw new FatalError(`The file "${name}" has no data (base64)${where}`);
      return [name, file as unknown as Binary];
    }),
  );
}

function pairing(value: Json | undefined): PairedItem | PairedItem[] | undefined {
  if (typeof value === "number") return { item: value };
  if (Array.isArray(value)) return value.flatMap((entry) => pairing(entry) ?? []);
  if (!isObject(value) || typeof value.item !== "number") return undefined;
  return { item: value.item, ...(typeof value.input === "number" && { input: value.input }) };
}
