import { FatalError } from "@/flow/execution/errors";

const OPEN = "async function __code() {";
const cache = new Map<string, string>();
const CACHE_SIZE = 500;

/**
 * Removes the types from the body of an async function. Only syntax is looked at: types are not checked.
 * @throws FatalError with line and reason for code that does not parse.
 */
export async function stripTypes(body: string): Promise<string> {
  const cached = cache.get(body);
  if (cached !== undefined) return cached;
  const { transformSync } = await loadTransformer();
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

/** A native module, loaded with the first TypeScript: a machine that it lacks a build for can run everything else. */
async function loadTransformer(): Promise<typeof import("oxc-transform")> {
  try {
    return await import("oxc-transform");
  } catch (cause) {
    throw new FatalError("TypeScript can't be run on this machine: its compiler does not load. Use JavaScript instead.", { cause });
  }
}
