import { isPlainObject, owns, toKey, toText } from "../values";
import { table } from "./table";

/** JavaScript's own methods of objects. */
export const objectMethods = table<object>({
  hasOwnProperty: (object: object, [key]: unknown[]) => isPlainObject(object) && owns(object, toKey(key)),
  propertyIsEnumerable: (object: object, [key]: unknown[]) => isPlainObject(object) && owns(object, toKey(key)),
  toString: (object: object) => toText(object),
  toLocaleString: (object: object) => toText(object),
  valueOf: (object: object) => object,
});
