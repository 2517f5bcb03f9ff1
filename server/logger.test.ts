import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { serializeError } from "./log-error";
import { prettyLines } from "./pretty-log";

/** What a process of its own logs: the tests' own log is silent. */
function logged(code: string): Record<string, unknown>[] {
  const script = `const { logger } = await import(${JSON.stringify(path.join(import.meta.dirname, "logger.ts"))}); ${code}`;
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    env: { NODE_ENV: "production", PATH: process.env.PATH, LOG_LEVEL: "info" },
    encoding: "utf8",
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("credentials under their usual names are not logged, up to three objects deep", () => {
  const [line] = logged(
    'logger.info({ authorization: "canary", request: { headers: { cookie: "canary", "set-cookie": "canary" }, password: "canary" } }, "hello")',
  );
  expect(JSON.stringify(line)).not.toContain("canary");
  expect(line).toMatchObject({ level: "info", msg: "hello", request: { headers: { cookie: "[redacted]" } } });
});

test("an error is logged with its code and causes, without what a client hung on it", () => {
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED", client: { password: "canary" } });
  const serialized = serializeError(new Error("no database", { cause }));
  expect(JSON.stringify(serialized)).not.toContain("canary");
  expect(serialized).toMatchObject({ message: "no database", cause: { message: "refused", code: "ECONNREFUSED" } });
});

test("an error that is its own cause ends somewhere", () => {
  const error = new Error("round");
  error.cause = error;
  expect(() => JSON.stringify(serializeError(error))).not.toThrow();
});

test("on a terminal a line shows time, level, message and the rest", () => {
  const lines: string[] = [];
  prettyLines({ write: (text) => lines.push(text) }).write('{"level":"warn","time":"2026-11-20T08:33:17.319Z","port":1,"msg":"slow"}');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with one.
  expect(lines.join("").replaceAll(/\u001b\[\d+m/g, "")).toBe('08:33:17 warn  slow {"port":1}\n');
});
