import "./quiet";
import { parseArgs } from "node:util";
import { storm, stormLines } from "@/server/execution/proof/testing/storm";
import { machine } from "./machine";

const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "1000" },
    seconds: { type: "string", default: "0" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});

console.log(`machine: ${machine()}; seed ${values.seed}`);
const report = await storm({
  executions: Number(values.executions),
  leastSeconds: Number(values.seconds),
  seed: Number(values.seed),
  say: console.log,
});
console.log(stormLines(report).join("\n"));
process.exitCode = report.violations.length === 0 ? 0 : 1;
