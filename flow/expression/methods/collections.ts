import { allocate, step } from "../budget";
import { GuestFunction, GuestIterator } from "../values";
import { arrayMethods } from "./array";
import { callback, table } from "./table";

/** An object or primitive as a key of a Map or a member of a Set. */
const room = () => {
  step();
  allocate(32);
};

export const mapMethods = table<Map<unknown, unknown>>({
  get: (map, [key]) => map.get(key),
  has: (map, [key]) => map.has(key),
  set: (map, [key, value]) => {
    room();
    return map.set(key, value);
  },
  delete: (map, [key]) => map.delete(key),
  clear: (map) => map.clear(),
  forEach: (map, [f]) => {
    const call = callback(f);
    for (const [key, value] of [...map]) call(value, key, map);
  },
  keys: (map) => listed(map.keys(), map.size),
  values: (map) => listed(map.values(), map.size),
  entries: (map) => listed(map.entries(), map.size),
});

export const setMethods = table<Set<unknown>>({
  has: (set, [value]) => set.has(value),
  add: (set, [value]) => {
    room();
    return set.add(value);
  },
  delete: (set, [value]) => set.delete(value),
  clear: (set) => set.clear(),
  forEach: (set, [f]) => {
    const call = callback(f);
    for (const value of [...set]) call(value, value, set);
  },
  keys: (set) => listed(set.values(), set.size),
  values: (set) => listed(set.values(), set.size),
  entries: (set) => listed(set.entries(), set.size),
  union: (set, [other]) => new Set([...set, ...members(other)]),
  intersection: (set, [other]) => {
    const others = new Set(members(other));
    return new Set([...set].filter((value) => others.has(value)));
  },
  difference: (set, [other]) => {
    const others = new Set(members(other));
    return new Set([...set].filter((value) => !others.has(value)));
  },
});

function members(value: unknown): unknown[] {
  if (!(value instanceof Set)) return [];
  allocate(value.size * 32);
  return [...value];
}

function listed(values: Iterable<unknown>, size: number): GuestIterator {
  allocate(size * 16);
  step(size >> 2);
  return new GuestIterator([...values]);
}

export const iteratorMethods = table<GuestIterator>({
  next: (iterator) => iterator.next(),
  toArray: (iterator) => iterator.rest(),
  ...Object.fromEntries(
    ["map", "filter", "forEach", "find", "some", "every", "reduce", "flatMap"].map((name) => [
      name,
      (iterator: GuestIterator, args: unknown[]) => arrayMethods.get(name)?.(iterator.rest(), args),
    ]),
  ),
});

export const functionMethods = table<GuestFunction>({
  call: (f, [, ...args]) => f.call(args),
  apply: (f, [, args]) => f.call(Array.isArray(args) ? args : []),
  bind: (f, [, ...bound]) => new GuestFunction((args) => f.call([...bound, ...args]), f.name),
});
