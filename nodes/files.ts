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

/**
 * Text out of bytes. A byte order mark decides, and is left out; else the encoding that is named.
 * @throws RangeError for an encoding that is not known.
 */
export function textOf(bytes: Uint8Array, encoding = "utf-8", keepMark = false): string {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
  return new TextDecoder(marked ?? encoding, { ignoreBOM: keepMark }).decode(bytes);
}
