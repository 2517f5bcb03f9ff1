import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { fieldNames, getField } from "@/flow/node/field-path";
import { canonical } from "../equal-values";
import { selectFields, withoutFields } from "../select-fields";
import type { removeDuplicates } from "./definition";
import { forgetSeen, splitBySeen } from "./seen-before";

type Parameters = z.infer<typeof removeDuplicates.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  const { items } = context;
  if (items.length === 0) return [[]];
  const parameters = context.parameters(0);
  if (parameters.operation === "earlier") return splitBySeen(context);
  if (parameters.operation === "clear") {
    return forgetSeen(context).then(() => [items.map((item, index) => ({ ...item, pairedItem: { item: index } }))]);
  }
  checkTypes(items, parameters);
  const compared = comparison(parameters);
  const seen = new Set<string>();
  const kept: Item[] = [];
  items.forEach((item, index) => {
    const { key, json } = compared(item.json);
    if (seen.has(key)) return;
    seen.add(key);
    kept.push({ ...item, json, pairedItem: { item: index } });
  });
  return [kept];
};

/** A field that holds a number here and a text there would find no duplicate where people see one: n8n refuses it, too. */
function checkTypes(items: readonly Item[], { compare, fieldsToCompare, dotNotation }: Parameters): void {
  if (compare !== "selectedFields") return;
  for (const name of fieldNames(fieldsToCompare)) {
    let known: string | undefined;
    for (const { json } of items) {
      const value = getField(json, name, dotNotation);
      if (value === undefined || value === null) continue;
      if (known !== undefined && known !== typeof value) throw new FatalError(`'${name}' isn't always the same type`);
      known = typeof value;
    }
  }
}

/** What an item is compared by, and what is left of it. */
function comparison(parameters: Parameters): (json: JsonObject) => { key: string; json: JsonObject } {
  const { compare, removeOtherFields, dotNotation } = parameters;
  if (compare === "allFields") return (json) => ({ key: canonical(json), json });
  const field = compare === "selectedFields" ? "fieldsToCompare" : "fieldsToExclude";
  const names = fieldNames(parameters[field]);
  if (names.length === 0) throw new ParameterError(field, "is empty: name at least one field");
  if (compare === "allFieldsExcept") {
    return (json) => {
      const rest = withoutFields(json, names, dotNotation);
      return { key: canonical(rest), json: removeOtherFields ? rest : json };
    };
  }
  return (json) => ({
    key: names.map((name) => canonical(getField(json, name, dotNotation))).join("\u0000"),
    json: removeOtherFields ? selectFields(json, names, dotNotation) : json,
  });
}
