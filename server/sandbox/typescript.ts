import { transformSync } from "oxc-transform";
import { FatalError } from "@/flow/execution/errors";

const OPEN = "async function __code() {";
const cache = new Map<string, string>();
const CACHE_SIZE = 500;

/**
 * Removes the types from the body of an async function. Only syntax is looked at: types are not checked.
 * @throws FatalError with line and reason for code that does not parse.
 */
export function stripTypes(body: string): string {
  const cached = cache.get(body);
  if (cached !== undefined) return cached;
  // Wrapped, because `return` and `await` are only legal inside a function; on one line, so that lines stay the author's.
  const result = transformSync("code.ts", `${OPEN}${body}\n}`, {
    lang: "ts",
    sourceType: "module",
    typescript: { onlyRemoveTypeImports: true },
  });
  const [error] = result.errors;
  if (error) {
    const start = error.labels[0]?.start;
    const line = start === undefined ? "" : ` [line ${`${OPEN}${body}`.slice(0, start).split("\n").length}]`;
    throw new FatalError(`${error.message}${line}`);
  }
  const first = result.code.indexOf("{");
  const last = result.code.lastIndexOf("}");
  const stripped = result.code.slice(first + 1, last);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  cache.set(body, stripped);
  return stripped;
}
