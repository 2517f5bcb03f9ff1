import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { getField } from "@/flow/node/field-path";
import type { sort } from "./definition";

type Parameters = z.infer<typeof sort.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  const { items } = context;
  if (items.length === 0) return [[]];
  const parameters = context.parameters(0);
  switch (parameters.type) {
    case "simple":
      return inOrder(items, byFields(items, parameters));
    case "random":
      return inOrder(items, shuffled(items.length));
    case "code":
      return byCode(context, parameters.code).then((order) => inOrder(items, order));
  }
};

const inOrder = (items: readonly Item[], order: readonly number[]): Item[][] => [
  order.map((index) => ({ ...(items[index] as Item), pairedItem: { item: index } })),
];

const positions = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Text is compared without regard to case; null and missing values come last, whatever the order. */
const sortable = (value: Json | undefined): string | number | boolean | undefined => {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "object") return JSON.stringify(value);
  return typeof value === "string" ? value.toLowerCase() : value;
};

function byFields(items: readonly Item[], { sortFields, dotNotation }: Parameters): number[] {
  if (sortFields.length === 0) throw new ParameterError("sortFields", "is empty: name a field to sort by");
  const columns = sortFields.map(({ fieldName, order }, position) => {
    if (fieldName === "") throw new ParameterError(`sortFields[${position}].fieldName`, "is empty: name a field to sort by");
    const values = items.map(({ json }) => sortable(getField(json, fieldName, dotNotation)));
    if (items.every(({ json }) => getField(json, fieldName, dotNotation) === undefined)) {
      throw new ParameterError(`sortFields[${position}].fieldName`, `couldn't find the field '${fieldName}' in the input data`);
    }
    return { values, sign: order === "ascending" ? 1 : -1 };
  });
  return positions(items.length).sort((left, right) => {
    for (const { values, sign } of columns) {
      const [a, b] = [values[left], values[right]];
      if (a === b) continue;
      if (a === undefined) return 1;
      if (b === undefined) return -1;
      if (a < b) return -sign;
      if (a > b) return sign;
    }
    return left - right;
  });
}

function shuffled(count: number): number[] {
  const order = positions(count);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [order[index], order[other]] = [order[other] as number, order[index] as number];
  }
  return order;
}

/** The code's line breaks keep a comment in its last line from swallowing what follows. */
const comparing = (code: string): string => `const compare = (a, b) => {\n${code}\n};
return items.map((_, index) => index).sort((left, right) => compare(items[left], items[right]));`;

async function byCode(context: NodeContext<Parameters>, code: string): Promise<number[]> {
  if (!/\breturn\b/.test(code)) throw new ParameterError("code", "must return a number that says which of a and b goes first");
  const items = context.items.map(({ json, binary }): JsonObject => ({ json, ...(binary && { binary: binary as unknown as JsonObject }) }));
  const { value, logs } = await context.sandbox.run({ language: "javascript", code: comparing(code), globals: { items } }, context.signal);
  for (const { level, message } of logs) context.log(level, message);
  if (!isOrder(value, items.length)) throw new FatalError("The code must compare the items a and b, and end nothing that it did not begin");
  return value;
}

/** It comes out of the sandbox: code may have put anything in its place. */
const isOrder = (value: Json, count: number): value is number[] =>
  Array.isArray(value) &&
  value.length === count &&
  new Set(value).size === count &&
  value.every((index) => Number.isInteger(index) && (index as number) >= 0 && (index as number) < count);
