import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Binary, Item, Json, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { fieldNames, getField, parseFieldPath, setField } from "@/flow/node/field-path";
import { selectFields, withoutFields } from "../select-fields";
import type { aggregate } from "./definition";

type Parameters = z.infer<typeof aggregate.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  const { items } = context;
  if (items.length === 0) return [[]];
  const parameters = context.parameters(0);
  const json = parameters.aggregate === "aggregateAllItemData" ? wholeItems(items, parameters) : singleFields(context, parameters);
  const binary = parameters.includeBinaries ? allFiles(items, parameters.keepOnlyUnique) : {};
  return [
    [
      {
        json,
        ...(Object.keys(binary).length > 0 && { binary }),
        pairedItem: items.map((_, index) => ({ item: index })),
      },
    ],
  ];
};

function wholeItems(items: readonly Item[], parameters: Parameters): JsonObject {
  const { include, dotNotation, destinationFieldName } = parameters;
  const names = fieldNames(include === "specifiedFields" ? parameters.fieldsToInclude : parameters.fieldsToExclude);
  if (include !== "allFields" && names.length === 0) {
    throw new ParameterError(include === "specifiedFields" ? "fieldsToInclude" : "fieldsToExclude", "is empty: name at least one field");
  }
  const list: JsonObject[] = [];
  for (const { json } of items) {
    if (include === "allFields") list.push(json);
    else {
      const kept = include === "specifiedFields" ? selectFields(json, names, dotNotation) : withoutFields(json, names, dotNotation);
      if (Object.keys(kept).length > 0) list.push(kept);
    }
  }
  return setField({}, destinationFieldName || "data", list, dotNotation);
}

function singleFields(context: NodeContext<Parameters>, parameters: Parameters): JsonObject {
  const { fieldsToAggregate, dotNotation } = parameters;
  if (fieldsToAggregate.length === 0) throw new ParameterError("fieldsToAggregate", "is empty: name at least one field");
  const used = new Set<string>();
  let json: JsonObject = {};
  for (const [position, { fieldToAggregate: name, renameField, outputFieldName }] of fieldsToAggregate.entries()) {
    const place = `fieldsToAggregate[${position}]`;
    if (name === "") throw new ParameterError(`${place}.fieldToAggregate`, "is empty: name the field");
    if (renameField && outputFieldName === "") throw new ParameterError(`${place}.outputFieldName`, "is empty: give the list a name");
    const target = renameField ? outputFieldName : dotNotation ? (parseFieldPath(name).at(-1) ?? name) : name;
    if (used.has(target)) {
      throw new ParameterError(`${place}.outputFieldName`, `two lists would be called "${target}": rename one of them`);
    }
    used.add(target);
    const { list, found } = valuesOf(context.items, name, parameters);
    if (!found) context.log("warn", `No item has a field "${name}"`);
    json = setField(json, target, list, dotNotation);
  }
  return json;
}

function valuesOf(
  items: readonly Item[],
  name: string,
  { dotNotation, keepMissing, mergeLists }: Parameters,
): { list: Json[]; found: boolean } {
  const list: Json[] = [];
  let found = false;
  for (const { json } of items) {
    const value = getField(json, name, dotNotation);
    found ||= value !== undefined;
    if (value === undefined || value === null) {
      if (keepMissing) list.push(null);
    } else if (mergeLists && Array.isArray(value)) for (const entry of value) list.push(entry);
    else list.push(value);
  }
  return { list, found };
}

/** Files of all items; a name that is taken gets a number behind it. */
function allFiles(items: readonly Item[], onlyUnique: boolean): Record<string, Binary> {
  const files: Record<string, Binary> = {};
  const seen = new Set<string>();
  for (const { binary } of items) {
    for (const [name, file] of Object.entries(binary ?? {})) {
      const { mimeType, fileName, fileSize, fileExtension } = file;
      const sort = JSON.stringify([mimeType, fileName, fileSize, fileExtension]);
      if (onlyUnique && seen.has(sort)) continue;
      seen.add(sort);
      let free = name;
      for (let number = 1; Object.hasOwn(files, free); number++) free = `${name}_${number}`;
      files[free] = file;
    }
  }
  return files;
}
