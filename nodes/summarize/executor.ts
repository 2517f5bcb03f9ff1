import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { fieldNames, getField } from "@/flow/node/field-path";
import { canonical } from "../equal-values";
import type { summarize } from "./definition";
import { isEmpty, isNumeric, plainName, summarized, summaryName } from "./summaries";

type Parameters = z.infer<typeof summarize.parameters>;

interface Group {
  /** Values of the fields that are split by. */
  values: Json[];
  /** Indexes of its items. */
  members: number[];
}

export const execute: NodeExecutor<Parameters> = ({ items, parameters: read }) => {
  if (items.length === 0) return [[]];
  const parameters = read(0);
  const { fieldsToSummarize, dotNotation } = parameters;
  if (fieldsToSummarize.length === 0) throw new ParameterError("fieldsToSummarize", "is empty: add a field to summarize");
  const all = items.map((_, index) => ({ item: index }));
  const columns: Json[][] = [];
  for (const [position, summary] of fieldsToSummarize.entries()) {
    const place = `fieldsToSummarize[${position}].field`;
    if (summary.field === "") throw new ParameterError(place, "is empty: name the field");
    const values = items.map(({ json }) => getField(json, summary.field, dotNotation));
    if (values.every((value) => value === undefined)) {
      if (parameters.continueIfFieldNotFound) return [[{ json: {}, pairedItem: all }]];
      throw new ParameterError(place, `The field '${summary.field}' does not exist in any items`);
    }
    columns.push(isNumeric(summary) ? values.map((value, index) => asNumber(value, place, index)) : values.map((value) => value ?? null));
  }
  const groups = groupsOf(items, parameters);
  const figures = ({ members }: Group): JsonObject =>
    Object.fromEntries(
      fieldsToSummarize.map((summary, at) => [
        summaryName(summary),
        summarized(
          summary,
          members.map((index) => columns[at]?.[index] ?? null),
        ),
      ]),
    );
  const names = fieldNames(parameters.fieldsToSplitBy).map(plainName);
  if (parameters.outputFormat === "singleItem" && names.length > 0) return [[{ json: nested(groups, figures), pairedItem: all }]];
  return [
    groups.map((group) => ({
      json: { ...Object.fromEntries(names.map((name, at) => [name, group.values[at] ?? null])), ...figures(group) },
      pairedItem: group.members.map((index) => ({ item: index })),
    })),
  ];
};

function asNumber(value: Json | undefined, field: string, itemIndex: number): number | null {
  if (value === null || value === undefined || value === "") return null;
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  const shown = JSON.stringify(value);
  throw new ParameterError(field, `expected a number, got ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`, itemIndex);
}

/**
 * Items with the same values in the fields that are split by. Values are in the order in which they first appear: those of the second
 * field within each value of the first, and so on.
 */
function groupsOf(items: readonly Item[], { fieldsToSplitBy, skipEmptySplitFields, dotNotation }: Parameters): Group[] {
  const names = fieldNames(fieldsToSplitBy);
  const groups = new Map<string, Group>();
  items.forEach(({ json }, index) => {
    const values = names.map((name) => getField(json, name, dotNotation) ?? null);
    if (skipEmptySplitFields && values.some(isEmpty)) return;
    const key = values.map(canonical).join("\u0000");
    const group = groups.get(key);
    if (group) group.members.push(index);
    else groups.set(key, { values, members: [index] });
  });
  return grouped([...groups.values()], 0, names.length);
}

/** Groups with the same value at a place beside each other, at the place of the first of them. */
function grouped(groups: Group[], at: number, depth: number): Group[] {
  if (at >= depth - 1) return groups;
  const alike = new Map<string, Group[]>();
  for (const group of groups) {
    const key = canonical(group.values[at] ?? null);
    const known = alike.get(key);
    if (known) known.push(group);
    else alike.set(key, [group]);
  }
  return [...alike.values()].flatMap((list) => grouped(list, at + 1, depth));
}

/** Figures under the first value that is split by, under the second, and so on. */
function nested(groups: readonly Group[], figures: (group: Group) => JsonObject): JsonObject {
  const root: JsonObject = {};
  for (const group of groups) {
    let place = root;
    for (const value of group.values) {
      const key = typeof value === "string" ? value : JSON.stringify(value);
      if (!Object.hasOwn(place, key))
        Object.defineProperty(place, key, { value: {}, enumerable: true, writable: true, configurable: true });
      place = place[key] as JsonObject;
    }
    Object.assign(place, figures(group));
  }
  return root;
}
