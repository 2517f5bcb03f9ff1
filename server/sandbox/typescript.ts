import { FatalError } from "@/flow/execution/errors";
import { SandboxPool } from "./pool";
import { startTypeScriptProcess } from "./start-process";

const OPEN = "async function __code() {";
const TIMEOUT_MS = 10_000;
const cache = new Map<string, string>();
const CACHE_SIZE = 500;

/** Started with the first TypeScript, ended when it idles; an idle process keeps nothing alive. */
const compiler = new SandboxPool({ size: 1, idleMs: 60_000, start: startTypeScriptProcess });

/**
 * Removes the types from the body of an async function. Only syntax is looked at: types are not checked.
 * @throws FatalError with line and reason for code that does not parse.
 */
export async function stripTypes(body: string, signal?: AbortSignal): Promise<string> {
  const cached = cache.get(body);
  if (cached !== undefined) return cached;
  // Wrapped, because `return` and `await` are only legal inside a function; on one line, so that lines stay the author's.
  const code = `${OPEN}${body}\n}`;
  const job = { code, prelude: "", libraries: [], globals: "", timeoutMs: TIMEOUT_MS, maxOutputChars: 0, network: false };
  const { value, error } = await compile(job, signal);
  if (error) {
    if (error.kind === "time") throw new FatalError(`The TypeScript took longer than ${TIMEOUT_MS / 1000} s to compile`);
    if (error.kind === "died") throw new FatalError("The TypeScript can't be compiled: it is nested too deeply");
    throw new FatalError(`${error.message}${error.line === undefined ? "" : ` [line ${error.line}]`}`);
  }
  const text = value ?? "";
  const stripped = text.slice(text.indexOf("{") + 1, text.lastIndexOf("}"));
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  cache.set(body, stripped);
  return stripped;
}

/** The compiler is a native module: a machine that it lacks a build for can run everything else. */
async function compile(job: Parameters<SandboxPool["run"]>[0], signal?: AbortSignal): ReturnType<SandboxPool["run"]> {
  try {
    return await compiler.run(job, signal);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new FatalError("TypeScript can't be run on this machine: its compiler does not start. Use JavaScript instead.", { cause });
  }
}
