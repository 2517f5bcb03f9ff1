/**
 * Removes types from code, one job at a time, in a process of its own: the compiler is native and recursive, so that code which is
 * nested deeply enough ends the process that it runs in.
 */
import { transformSync } from "oxc-transform";

process.on("message", ({ id, code }) => {
  const { code: stripped, errors } = transformSync("code.ts", code, {
    lang: "ts",
    sourceType: "module",
    typescript: { onlyRemoveTypeImports: true },
  });
  const [error] = errors;
  const start = error?.labels[0]?.start;
  const line = start === undefined ? undefined : Buffer.from(code).subarray(0, start).toString("utf8").split("\n").length;
  const answer = error ? { error: { kind: "guest", message: error.message, line } } : { value: stripped };
  process.send({ id, cpuMs: Math.round(process.cpuUsage().user / 1000), ...answer });
});

process.on("disconnect", () => process.exit(0));
process.send({ ready: true });
