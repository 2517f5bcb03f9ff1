import type { Json, JsonObject } from "@/flow/item";

/** Keys and indexes from a node's parameters down to a value. */
export type Path = readonly (string | number)[];

/** `["fields", 0, "value"]` → `fields[0].value`, as errors name a parameter. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "");

/** A copy of `root` with the value at `path` replaced; undefined removes a key or an element. Missing containers are made. */
export function withValue(root: Json | undefined, path: Path, value: Json | undefined): Json {
  const [head, ...rest] = path;
  if (head === undefined) return value ?? null;
  if (typeof head === "number") {
    const list = Array.isArray(root) ? [...root] : [];
    if (rest.length === 0 && value === undefined) list.splice(head, 1);
    else list[head] = withValue(list[head], rest, value);
    return list;
  }
  const object: JsonObject = typeof root === "object" && root !== null && !Array.isArray(root) ? { ...root } : {};
  if (rest.length === 0 && value === undefined) delete object[head];
  else object[head] = withValue(object[head], rest, value);
  return object;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Source text that reads `path` below `base` in an expression: `$json.customer["first name"]`. */
export const accessor = (base: string, path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : IDENTIFIER.test(part) ? `${text}.${part}` : `${text}[${JSON.stringify(part)}]`,
    base,
  );
