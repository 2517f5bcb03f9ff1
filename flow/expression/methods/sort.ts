import { allocate, step } from "../budget";
import { toNumber, toText } from "../values";
import { callback } from "./table";

/** What `sort` and `toSorted` give. Undefined goes last, as in JavaScript. */
export function sorted(list: readonly unknown[], compare: unknown): unknown[] {
  allocate(list.length * 16);
  step(list.length);
  const values: unknown[] = list.filter((value) => value !== undefined);
  if (compare === undefined) {
    const keyed = values.map((value) => ({ value, key: toText(value) }));
    values.splice(0, values.length, ...keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ value }) => value));
  } else {
    const call = callback(compare);
    values.sort((a, b) => toNumber(call(a, b, undefined)) || 0);
  }
  while (values.length < list.length) values.push(undefined);
  return values;
}
