// dependency-cruiser reads TypeScript with the compiler's programming interface, which TypeScript 7 has no more: it then finds
// nothing at all and is content. So it is given TypeScript 6, and too few modules are an error.
import { existsSync } from "node:fs";
import Module, { register } from "node:module";

const compiler = "typescript-6";
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolveFilename(request.replace(/^typescript(?=\/|$)/, compiler), ...rest);
const hook = `export const resolve = (name, context, next) => next(name === "typescript" ? "${compiler}" : name, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`, import.meta.url);

const { cruise, format } = await import("dependency-cruiser");
const { default: extractConfiguration } = await import("dependency-cruiser/config-utl/extract-depcruise-config");
const { default: extractTSConfig } = await import("dependency-cruiser/config-utl/extract-ts-config");

const rooms = [
  "app",
  "bench",
  "cli",
  "components",
  "e2e",
  "flow",
  "inngest",
  "nodes",
  "prisma",
  "server",
  "instrumentation.ts",
  "proxy.ts",
];
const fewest = 150;

const configuration = await extractConfiguration("./.dependency-cruiser.cjs");
const { output } = await cruise(
  rooms.filter((room) => existsSync(room)),
  { ...configuration.options, ruleSet: { forbidden: configuration.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig("./tsconfig.json") },
);
const ours = output.modules.filter(
  (module) => !module.source.includes("node_modules") && !module.coreModule && module.dependencies.length > 0,
);
if (ours.length < fewest) {
  console.error(`Only ${ours.length} modules with imports were found, fewer than ${fewest}: the check does not see the sources.`);
  process.exit(1);
}
const report = await format(output, { outputType: "err" });
console.log(report.output.trim());
process.exit(output.summary.error > 0 ? 1 : 0);
