import { ExpressionError } from "../errors";
import { guest } from "../globals/define";
import { fromHost, run } from "../run";
import { Reader, toInteger } from "../values";
import { itemValue } from "./node-reader";

/** Items of an input handle, the first one by default. */
const inputItems = (input: unknown) => (input === undefined ? run.scope.items : (run.scope.inputs[toInteger(input)] ?? []));

const noArguments = (name: string, args: unknown[]) => {
  if (args.length > 0 && args[0] !== undefined && typeof args[0] !== "number") {
    throw new ExpressionError(`$input.${name}() takes no arguments`);
  }
};

const readers: Record<string, () => unknown> = {
  item: () => itemValue(run.scope.items[run.itemIndex]),
  first: () =>
    guest("first", (...args) => {
      noArguments("first", args);
      return itemValue(inputItems(args[0])[0]);
    }),
  last: () =>
    guest("last", (...args) => {
      noArguments("last", args);
      return itemValue(inputItems(args[0]).at(-1));
    }),
  all: () =>
    guest("all", (...args) => {
      noArguments("all", args);
      return fromHost(inputItems(args[0]));
    }),
  json: () => fromHost(run.scope.items[run.itemIndex]?.json),
  binary: () => fromHost(run.scope.items[run.itemIndex]?.binary ?? {}),
  params: () => fromHost(previous()?.parameters ?? {}),
  context: () => fromHost(previous()?.context ?? {}),
};

const previous = () => (run.scope.previousNode ? run.scope.node(run.scope.previousNode.name) : undefined);

/** `$input`. */
export const inputReader = new Reader(
  "$input",
  (key) => (Object.hasOwn(readers, key) ? readers[key]?.() : undefined),
  () => ["item", "params", "context"],
);
