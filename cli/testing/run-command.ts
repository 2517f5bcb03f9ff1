import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { projectRoot } from "../paths";

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `tolstoy` in another folder than the project's, with nothing of this process' settings. */
export async function runCommand(
  args: string[],
  options: { directory: string; environment?: Record<string, string>; input?: string; nodeArguments?: string[] },
): Promise<CommandResult> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), path.join(projectRoot, "cli/tolstoy.mjs"), ...args], {
    cwd: options.directory,
    env: { PATH, HOME, NODE_ENV: "production", DATA_DIR: path.join(options.directory, "data"), ...options.environment },
  });
  const result: CommandResult = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    result.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    result.stderr += chunk;
  });
  child.stdin.end(options.input ?? "");
  [result.code] = (await once(child, "close")) as [number | null];
  return result;
}
