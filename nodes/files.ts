import { ParameterError } from "@/flow/execution/errors";
import type { Binary, Item } from "@/flow/item";

/**
 * A file of an item, by name.
 * @throws ParameterError that says which files there are.
 */
export function fileOf(item: Item | undefined, name: string, field: string, itemIndex: number): Binary {
  const files = item?.binary ?? {};
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file) return file;
  const names = Object.keys(files);
  const there = names.length === 0 ? "the item has no file" : `it has ${names.map((each) => `"${each}"`).join(", ")}`;
  throw new ParameterError(field, `there is no file "${name}": ${there}`, itemIndex);
}
