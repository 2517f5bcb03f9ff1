/**
 * Runs one job of JavaScript inside a Daytona sandbox: reads `job.json`, leaves `answer.json`. It stands by itself there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";

const MAX_LOGS = 200;
const MAX_LOG_CHARS = 4000;
const { stringify } = JSON;
const job = JSON.parse(readFileSync("job.json", "utf8"));
const logs = [];

const text = (value) => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return stringify(value) ?? String(value);
  } catch {
    return "[unprintable]";
  }
};
const logger =
  (level) =>
  (...values) => {
    if (logs.length < MAX_LOGS) logs.push({ level, message: values.map(text).join(" ").slice(0, MAX_LOG_CHARS) });
  };
const info = logger("info");
globalThis.console = { log: info, info, debug: info, trace: info, table: info, dir: info, warn: logger("warn"), error: logger("error") };
globalThis.require = createRequire(import.meta.url);

const describe = (error) => ({
  name: String(error?.name ?? ""),
  message: String(error instanceof Error ? error.message : text(error)).slice(0, 4000),
  stack: String(error?.stack ?? "").slice(0, 4000),
});
const leave = (answer) => {
  writeFileSync("answer.json", stringify({ ...answer, logs }));
  process.exit(0);
};
process.on("uncaughtException", (error) => leave({ error: describe(error) }));
process.on("unhandledRejection", (error) => leave({ error: describe(error) }));
process.on("beforeExit", () => leave({ error: { name: "", message: "The code waits for a promise that never settles", stack: "" } }));

try {
  for (const name of job.libraries) {
    const code = readFileSync(`library-${name}.js`, "utf8");
    globalThis[name] = runInThisContext(
      `(() => { const module = { exports: {} }; ((module, exports) => {${code}\n})(module, module.exports); return module.exports; })()`,
    );
  }
  if (job.prelude !== "") runInThisContext(job.prelude, { filename: "prelude.js" });
  Object.assign(globalThis, JSON.parse(job.globals));
  const value = await runInThisContext(`(async () => {${job.code}\n})()`, { filename: "code.js" });
  leave({ value: stringify(value) ?? "null" });
} catch (error) {
  leave({ error: describe(error) });
}
