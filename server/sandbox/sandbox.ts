import { FatalError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import type { Sandbox, SandboxLanguage, SandboxResult } from "@/flow/node/context";
import { createRequester, type NetworkedJob } from "./network";
import { type GuestFailure, type PoolOptions, SandboxPool } from "./pool";
import { startPythonProcess } from "./start-process";
import { stripTypes } from "./typescript";

export interface SandboxOptions extends PoolOptions {
  /** Milliseconds that a job may run when it does not say; also the most that it may ask for is `maxTimeoutMs`. */
  defaultTimeoutMs?: number;
  maxTimeoutMs?: number;
  /** Characters of JSON that a job may return. */
  maxOutputChars?: number;
  /** Where jobs run that ask for it, and those in languages that run nowhere else. */
  daytona?: Sandbox | undefined;
}

export interface ClosableSandbox extends Sandbox {
  /** Ends every process; safe to call twice. */
  close(): Promise<void>;
  /** Process ids that exist now. */
  pids(): number[];
}

const MB = 1024 * 1024;

const LANGUAGE_NAMES = { javascript: "JavaScript", typescript: "TypeScript", python: "Python", go: "Go", rust: "Rust" } as const;

const NOT_SET_UP =
  "which is not set up here. Set DAYTONA_API_KEY, and DAYTONA_BASE_URL where it is not app.daytona.io, and start the app again";

const noDaytona = (language: SandboxLanguage): string => `${LANGUAGE_NAMES[language]} code of this step runs in Daytona, ${NOT_SET_UP}`;

/** `at <anonymous> (code.js:3)` and `at code.js:3:5`: the author's line. */
const lineOf = (stack: string | undefined): string | undefined => /code\.js:(\d+)/.exec(stack ?? "")?.[1];

/**
 * Runs user code in pools of child processes, each a WebAssembly engine with a fresh context (of Python: interpreter) per job.
 * Nothing is started before the first job of its language.
 */
export function createSandbox(options: SandboxOptions = {}): ClosableSandbox {
  const pool = new SandboxPool(options);
  // An interpreter of Python's is made for each job, by a process that holds much: two at most, and none until one is asked for.
  const python = new SandboxPool({ ...options, size: Math.min(2, options.size ?? 2), start: startPythonProcess, readyForEach: true });
  const defaultTimeoutMs = options.defaultTimeoutMs ?? 30_000;
  const maxTimeoutMs = options.maxTimeoutMs ?? 300_000;
  const maxOutputChars = options.maxOutputChars ?? 32 * MB;
  const memoryMb = Math.round((options.memoryBytes ?? 128 * MB) / MB);

  const toError = (failure: GuestFailure, timeoutMs: number, withLines: boolean): Error => {
    switch (failure.kind) {
      case "time":
        return new FatalError(`The code ran longer than ${timeoutMs / 1000} s and was stopped`);
      case "memory":
        return new FatalError(`The code used more than the ${memoryMb} MB of memory it may have`);
      case "stuck":
        return new FatalError("The code waits for a promise that never settles");
      case "output":
        return new FatalError(`The code's result is larger than ${Math.round(maxOutputChars / MB)} MB`);
      case "died":
        return new FatalError(`The code was stopped: it used more than the ${memoryMb} MB of memory it may have, or broke its sandbox`);
      default: {
        if (failure.name === "InternalError" && failure.message === "out of memory")
          return toError({ kind: "memory" }, timeoutMs, withLines);
        const kind = failure.name && failure.name !== "Error" ? `${failure.name}: ` : "";
        const line = withLines ? (failure.line ?? lineOf(failure.stack)) : undefined;
        return new FatalError(`${kind}${failure.message}${line ? ` [line ${line}]` : ""}`);
      }
    }
  };

  return {
    async run(job: NetworkedJob, signal?: AbortSignal): Promise<SandboxResult> {
      if (job.session !== undefined) {
        if (!options.daytona) throw new FatalError(`Sessions of code are in Daytona, ${NOT_SET_UP}`);
        return options.daytona.run(job, signal);
      }
      const onlyThere = job.language === "go" || job.language === "rust";
      if (job.runIn === "daytona" || (onlyThere && job.runIn === undefined)) {
        if (!options.daytona) throw new FatalError(noDaytona(job.language));
        return options.daytona.run(job, signal);
      }
      if (onlyThere) throw new FatalError(`${LANGUAGE_NAMES[job.language]} runs in Daytona only: choose it under "Run in"`);
      const typescript = job.language === "typescript";
      const timeoutMs = Math.max(1, Math.min(job.timeoutMs ?? defaultTimeoutMs, maxTimeoutMs));
      const { network } = job;
      const answer = await (job.language === "python" ? python : pool).run(
        {
          code: typescript ? await stripTypes(job.code, signal) : job.code,
          prelude: job.prelude ?? "",
          libraries: job.libraries ?? [],
          globals: JSON.stringify(job.globals),
          timeoutMs,
          maxOutputChars,
          network: network !== undefined,
        },
        signal,
        network && ((ended) => createRequester(network, ended)),
      );
      const logs = parseLogs(answer.logs);
      // Removing types may drop lines, so a line of TypeScript would mislead.
      if (answer.error) throw Object.assign(toError(answer.error, timeoutMs, !typescript), { logs });
      return { value: parseValue(answer.value), logs };
    },
    close: async () => void (await Promise.all([pool.close(), python.close()])),
    pids: () => [...pool.pids(), ...python.pids()],
  };
}

/** It comes out of the sandbox: code may have put anything in its place. */
function parseValue(text: string | undefined): Json {
  try {
    return JSON.parse(text ?? "null") as Json;
  } catch {
    throw new FatalError("The code's result is no JSON");
  }
}

function parseLogs(text: string | undefined): SandboxResult["logs"] {
  if (text === undefined) return [];
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.map((entry: { level?: unknown; message?: unknown }) => ({
    level: entry?.level === "warn" || entry?.level === "error" ? entry.level : "info",
    message: String(entry?.message ?? ""),
  }));
}
