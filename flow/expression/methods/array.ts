import { allocate, step, stepText } from "../budget";
import { rangeError, typeError } from "../errors";
import { GuestIterator, joinText, toInteger, toPrimitive, toText } from "../values";
import { mutatingMethods } from "./array-mutating";
import { sorted } from "./sort";
import { callback, callFunction, type Method, table } from "./table";

type List = unknown[];

/** A method that calls a function for each element, from the left or the right, until `done` gives a result. */
const walk = (
  fromEnd: boolean,
  visit: (value: unknown, index: number, result: unknown) => { stop: unknown } | undefined,
  otherwise: unknown,
): Method<List> => {
  return (list, [f]) => {
    const call = callback(f);
    const { length } = list;
    for (let count = 0; count < length; count++) {
      step();
      const index = fromEnd ? length - 1 - count : count;
      const value = list[index];
      const end = visit(value, index, call(value, index, list));
      if (end) return end.stop;
    }
    return otherwise;
  };
};

const map: Method<List> = (list, [f]) => {
  const call = callback(f);
  allocate(list.length * 8);
  const result: unknown[] = [];
  for (let index = 0; index < list.length; index++) result.push(call(list[index], index, list));
  return result;
};

const filter: Method<List> = (list, [f]) => {
  const call = callback(f);
  const result: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    const value = list[index];
    if (call(value, index, list)) result.push(value);
  }
  allocate(result.length * 8);
  return result;
};

const reduce =
  (fromEnd: boolean): Method<List> =>
  (list, args) => {
    const [f] = args;
    callback(f);
    const { length } = list;
    let count = 0;
    let result: unknown = args[1];
    if (args.length < 2) {
      if (length === 0) throw typeError("Reduce of empty array with no initial value");
      result = list[fromEnd ? length - 1 : 0];
      count = 1;
    }
    for (; count < length; count++) {
      const index = fromEnd ? length - 1 - count : count;
      result = callFunction(f, [result, list[index], index, list]);
    }
    return result;
  };

function flatten(list: List, depth: number, into: unknown[]): unknown[] {
  for (const value of list) {
    step();
    if (Array.isArray(value) && depth > 0) flatten(value, depth - 1, into);
    else {
      allocate(8);
      into.push(value);
    }
  }
  return into;
}

const spliced: Method<List> = (list, args) => {
  const copy = [...list];
  allocate((list.length + args.length) * 8);
  const [start, count, ...added] = args;
  if (args.length === 0) return copy;
  if (args.length === 1) copy.splice(toInteger(start));
  else copy.splice(toInteger(start), toInteger(count), ...added);
  return copy;
};

const indexed =
  (name: "indexOf" | "lastIndexOf" | "includes"): Method<List> =>
  (list, args) => {
    step(1 + (list.length >> 3));
    if (typeof args[0] === "string" && args[0].length > 256) stepText(list.length * args[0].length);
    return args.length > 1 ? list[name](args[0], toInteger(args[1])) : list[name](args[0]);
  };

/** JavaScript's own methods of arrays. */
export const arrayMethods = table<List>({
  ...mutatingMethods,
  map,
  filter,
  forEach: walk(false, () => undefined, undefined),
  find: walk(false, (value, _, result) => (result ? { stop: value } : undefined), undefined),
  findIndex: walk(false, (_, index, result) => (result ? { stop: index } : undefined), -1),
  findLast: walk(true, (value, _, result) => (result ? { stop: value } : undefined), undefined),
  findLastIndex: walk(true, (_, index, result) => (result ? { stop: index } : undefined), -1),
  some: walk(false, (_, __, result) => (result ? { stop: true } : undefined), false),
  every: walk(false, (_, __, result) => (result ? undefined : { stop: false }), true),
  flatMap: (list, args) => flatten(map(list, args) as unknown[], 1, []),
  flat: (list, [depth]) => flatten(list, Math.min(depth === undefined ? 1 : toInteger(depth), 100), []),
  reduce: reduce(false),
  reduceRight: reduce(true),
  indexOf: indexed("indexOf"),
  lastIndexOf: indexed("lastIndexOf"),
  includes: indexed("includes"),
  at: (list, [index]) => list.at(toInteger(index)),
  slice: (list, [start, end]) => {
    const result = list.slice(toInteger(start), end === undefined ? undefined : toInteger(end));
    allocate(result.length * 8);
    return result;
  },
  concat: (list, args) => {
    let result = list;
    allocate(list.length * 8);
    for (const argument of args) {
      allocate(Array.isArray(argument) ? (result.length + argument.length) * 8 : 8);
      result = result.concat(argument);
    }
    return args.length === 0 ? [...list] : result;
  },
  join: (list, [separator]) => joinText(list, separator === undefined ? "," : toText(separator)),
  toString: (list: List) => joinText(list, ","),
  toLocaleString: (list: List) => joinText(list, ","),
  toReversed: (list) => {
    allocate(list.length * 8);
    return [...list].reverse();
  },
  toSorted: (list, [compare]) => sorted(list, compare),
  toSpliced: spliced,
  with: (list, [index, value]) => {
    const at = toInteger(index);
    const target = at < 0 ? list.length + at : at;
    if (target < 0 || target >= list.length) throw rangeError("Invalid index");
    allocate(list.length * 8);
    return list.map((entry, position) => (position === target ? value : entry));
  },
  keys: (list) => indices(list, (_, index) => index),
  values: (list) => indices(list, (value) => value),
  entries: (list) => indices(list, (value, index) => [index, value]),
  valueOf: (list: List) => list,
  hasOwnProperty: (list: List, [key]: unknown[]) => Object.hasOwn(list, toPrimitive(key) as string),
});

function indices(list: List, make: (value: unknown, index: number) => unknown): GuestIterator {
  allocate(list.length * 16);
  step(list.length >> 3);
  return new GuestIterator(list.map(make));
}
