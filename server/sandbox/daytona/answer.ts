import { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import type { SandboxLanguage, SandboxResult } from "@/flow/node/context";

const logsSchema = z.array(z.object({ level: z.enum(["info", "warn", "error"]).catch("info"), message: z.string() })).max(1000);
const answerSchema = z.object({
  value: z.string().optional(),
  error: z
    .object({
      kind: z.string().optional(),
      name: z.string().optional(),
      message: z.string().optional(),
      stack: z.string().optional(),
      line: z.number().nullish(),
    })
    .optional(),
  logs: logsSchema.optional().catch(undefined),
});

export interface Answer {
  value: Json | undefined;
  error:
    | { name?: string | undefined; message?: string | undefined; stack?: string | undefined; line?: number | null | undefined }
    | undefined;
  logs: SandboxResult["logs"] | undefined;
}

/** What the program left behind; null when it left nothing that makes sense. Code may have put anything in its place. */
export function parseAnswer(text: string | null): Answer | null {
  if (text === null) return null;
  try {
    const { value, error, logs } = answerSchema.parse(JSON.parse(text.slice(text.lastIndexOf("\0") + 1)));
    if (value === undefined && error === undefined) return null;
    const told = error?.kind === "memory" ? { ...error, message: "The code used more memory than it may have" } : error;
    return { value: value === undefined ? undefined : (JSON.parse(value) as Json), error: told, logs };
  } catch {
    return null;
  }
}

export type RunFailure =
  | ({ kind: "guest" } & NonNullable<Answer["error"]>)
  | { kind: "compile"; text: string }
  | { kind: "time"; seconds: number }
  | { kind: "memory" }
  | { kind: "exit"; exitCode: number; text: string };

const LINES: Readonly<Record<SandboxLanguage, RegExp | null>> = {
  javascript: /code\.js:(\d+)/,
  // Removing types may drop lines.
  typescript: null,
  python: null,
  go: /code\.go:(\d+)/,
  rust: /(?:code|main)\.rs:(\d+)/,
};

/** The failed job as an error for its author, with what it had printed. */
export function failureOf(failure: RunFailure, language: SandboxLanguage, logs: SandboxResult["logs"]): FatalError {
  return Object.assign(new FatalError(messageOf(failure, language)), { logs });
}

function messageOf(failure: RunFailure, language: SandboxLanguage): string {
  const at = (text: string): string => {
    const line = LINES[language]?.exec(text)?.[1];
    return line === undefined ? "" : ` [line ${line}]`;
  };
  switch (failure.kind) {
    case "time":
      return `The code ran longer than ${failure.seconds} s and was stopped`;
    case "memory":
      return "The code was stopped: it used more memory than its sandbox has";
    case "compile":
      return `The code does not compile: ${failure.text.trim().slice(0, 4000)}`;
    case "exit": {
      const text = failure.text.trim();
      const said = /panic: ([^\n]+)/.exec(text)?.[1] ?? /panicked at [^\n]*\n([^\n]+)/.exec(text)?.[1] ?? text.split("\n").at(-1);
      return `${said || "The code ended without a result"} (exit code ${failure.exitCode})${at(text)}`.slice(0, 4000);
    }
    case "guest": {
      const kind = failure.name && failure.name !== "Error" ? `${failure.name}: ` : "";
      const line = failure.line != null ? ` [line ${failure.line}]` : at(failure.stack ?? "");
      return `${kind}${failure.message ?? "The code failed"}${line}`;
    }
  }
}
