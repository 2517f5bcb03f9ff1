import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FatalError } from "@/flow/execution/errors";
import type { SandboxJob } from "@/flow/node/context";
import libraryFiles from "../libraries.json";
import { sandboxRoot } from "../start-process";
import { stripTypes } from "../typescript";
import { goEntry, rustEntry } from "./entry";

/** What is put into a container, and what is called there. */
export interface Program {
  /** Content by name. */
  files: Record<string, string>;
  /** Shell command that makes the program ready; it has a time limit of its own. */
  build?: string;
  /** Shell command that runs it; it leaves `answer.json`, or what it prints is the result. */
  run: string;
  /** Program that must be there, and what it is called in messages. */
  needs: string;
}

const ours = (name: string): string => readFileSync(join(sandboxRoot(), "server", "sandbox", name), "utf8");

/** @throws FatalError for code of which it is not clear what is to be called */
export async function programOf(job: SandboxJob): Promise<Program> {
  const { language, globals, prelude = "", libraries = [] } = job;
  switch (language) {
    case "javascript":
    case "typescript": {
      const code = language === "typescript" ? await stripTypes(job.code) : job.code;
      const given = { code, prelude, libraries, globals: JSON.stringify(globals) };
      return {
        files: {
          "main.mjs": ours("daytona/programs/javascript.mjs"),
          "job.json": JSON.stringify(given),
          ...Object.fromEntries(
            libraries.map((name) => [`library-${name}.js`, readFileSync(join(sandboxRoot(), "node_modules", libraryFiles[name]), "utf8")]),
          ),
        },
        run: "node main.mjs",
        needs: "node",
      };
    }
    case "python":
      return {
        files: {
          "main.py": ours("python/main.py"),
          "job.json": `${JSON.stringify({ code: job.code, prelude, globals: JSON.stringify(globals) })}\n`,
        },
        run: "python3 -B main.py < job.json > answer.json",
        needs: "python3",
      };
    case "go": {
      const entry = goEntry(job.code);
      if (entry.whole && globals.each === true) throw noWholeProgram("Go", "func run(context map[string]any) any");
      return {
        files: {
          ...input(job),
          "go.mod": "module tolstoy\n\ngo 1.18\n",
          "code.go": entry.code,
          ...(!entry.whole && { "main.go": ours("daytona/programs/main.go"), "call.go": entry.call }),
        },
        build: "GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local go build -o program .",
        run: "./program < context.json",
        needs: "go",
      };
    }
    case "rust": {
      const entry = rustEntry(job.code);
      if (entry.whole && globals.each === true) throw noWholeProgram("Rust", "fn run(context: &Json) -> Json");
      const files: Record<string, string> = entry.whole
        ? { "main.rs": entry.code }
        : {
            "code.rs": entry.code,
            "call.rs": entry.call,
            "main.rs": ours("daytona/programs/main.rs"),
            "json.rs": ours("daytona/programs/json.rs"),
          };
      return {
        files: { ...input(job), ...files },
        build: "rustc --edition 2021 -A warnings -o program main.rs",
        run: "./program < context.json",
        needs: "rustc",
      };
    }
  }
}

const input = ({ globals }: SandboxJob): Record<string, string> => ({
  "job.json": JSON.stringify(globals),
  "context.json": JSON.stringify(globals.context ?? {}),
});

const noWholeProgram = (language: string, signature: string): FatalError =>
  new FatalError(
    `A whole ${language} program runs once for all items. Write ${signature} instead, or set the node to run once for all items`,
  );
