import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, Json } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import type { storage } from "./definition";

type Parameters = z.infer<typeof storage.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => mapItems(context, (item, index) => perform(context, item, index));

async function perform(context: NodeContext<Parameters>, item: Item, index: number): Promise<Item | Item[]> {
  const parameters = context.parameters(index);
  const { operation, scope, outputField } = parameters;
  if (operation === "list") {
    const entries = await context.storage.list(parameters.prefix, scope);
    return entries.filter(({ key }) => !key.startsWith("$")).map(({ key, value }) => ({ json: { key, value } }));
  }
  const key = keyOf(parameters, index);
  const withValue = (value: Json): Item => ({ ...item, json: setField(item.json, outputField, value), pairedItem: { item: index } });
  switch (operation) {
    case "get":
      return withValue((await context.storage.get(key, scope)) ?? asJson(parameters.fallback));
    case "set": {
      const value = asJson(parameters.value);
      await context.storage.set(key, value, scope);
      return withValue(value);
    }
    case "increment":
      return withValue(await update(context, parameters, key, (known) => number(known, key) + parameters.by));
    case "append":
      return withValue(await update(context, parameters, key, (known) => appended(known, key, parameters)));
    case "delete":
      return { ...item, json: { ...item.json, deleted: await context.storage.delete(key, scope) }, pairedItem: { item: index } };
  }
}

const update = async (
  { storage }: NodeContext<Parameters>,
  { scope }: Parameters,
  key: string,
  change: (known: Json | undefined) => Json,
): Promise<Json> => (await storage.update(key, change, scope)) ?? null;

/** Keys that begin with `$` are kept by the product's own nodes. */
function keyOf({ key }: Parameters, index: number): string {
  if (key.trim() === "") throw new ParameterError("key", "is empty: name the value", index);
  if (key.startsWith("$")) throw new ParameterError("key", "begins with $, which is kept for the product itself", index);
  return key;
}

function number(known: Json | undefined, key: string): number {
  const value = known ?? 0;
  if (typeof value === "number") return value;
  throw new FatalError(`"${key}" can't be incremented: it is ${Array.isArray(value) ? "a list" : `a ${typeof value}`}, not a number`);
}

function appended(known: Json | undefined, key: string, { value, maxLength }: Parameters): Json {
  if (known !== undefined && known !== null && !Array.isArray(known)) {
    throw new FatalError(`Nothing can be appended to "${key}": it is a ${typeof known}, not a list`);
  }
  const list = [...(known ?? []), asJson(value)];
  return maxLength > 0 ? list.slice(-maxLength) : list;
}

/** Text that is JSON means what it says; any other text is itself. */
function asJson(value: unknown): Json {
  if (typeof value !== "string") return (value ?? null) as Json;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
