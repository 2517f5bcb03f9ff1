import { allocate, step } from "../budget";
import { rangeError } from "../errors";
import { run } from "../run";
import { toInteger } from "../values";
import { sorted } from "./sort";
import type { Method } from "./table";

/**
 * Methods that change their array. An expression that names one works on copies of the host's data (`fromHost`);
 * should one ever be reached without, the copy is made here.
 */
const inPlace =
  (change: Method<unknown[]>): Method<unknown[]> =>
  (list, args) =>
    change(run.copies === null ? [...list] : list, args);

const position = (value: unknown, length: number, fallback: number): number => {
  const at = toInteger(value, fallback);
  return at < 0 ? Math.max(length + at, 0) : Math.min(at, length);
};

export const mutatingMethods: Record<string, Method<unknown[]>> = {
  push: inPlace((list, args) => {
    allocate(args.length * 8);
    for (const value of args) list.push(value);
    return list.length;
  }),
  pop: inPlace((list) => list.pop()),
  shift: inPlace((list) => {
    step(list.length >> 6);
    return list.shift();
  }),
  unshift: inPlace((list, args) => {
    step(list.length >> 6);
    allocate(args.length * 8);
    return list.unshift(...args);
  }),
  splice: inPlace((list, args) => {
    if (args.length === 0) return [];
    const [start, count, ...added] = args;
    step(list.length >> 6);
    allocate(added.length * 8);
    return args.length === 1 ? list.splice(toInteger(start)) : list.splice(toInteger(start), toInteger(count), ...added);
  }),
  reverse: inPlace((list) => {
    step(list.length >> 3);
    return list.reverse();
  }),
  sort: inPlace((list, [compare]) => {
    const result = sorted(list, compare);
    for (let index = 0; index < result.length; index++) list[index] = result[index];
    return list;
  }),
  fill: inPlace((list, [value, start, end]) => {
    step(list.length >> 3);
    return list.fill(value, position(start, list.length, 0), position(end, list.length, list.length));
  }),
  copyWithin: inPlace((list, [target, start, end]) => {
    step(list.length >> 3);
    const { length } = list;
    return list.copyWithin(position(target, length, 0), position(start, length, 0), position(end, length, length));
  }),
};

/** Names of methods that change what they are called on. */
export const MUTATING: ReadonlySet<string> = new Set([...Object.keys(mutatingMethods), "assign"]);

/** Sets an element or the length; refuses holes that would take the memory. */
export function setElement(list: unknown[], key: string, value: unknown): void {
  if (key === "length") {
    const length = Number(value);
    if (!Number.isInteger(length) || length < 0) throw rangeError("Invalid array length");
    allocate(Math.max(0, length - list.length) * 8);
    list.length = length;
    return;
  }
  const index = Number(key);
  if (String(index) !== key || index < 0 || !Number.isInteger(index)) return;
  allocate(Math.max(0, index + 1 - list.length) * 8);
  while (list.length < index) list.push(undefined);
  list[index] = value;
}
