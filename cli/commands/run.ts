import { describeFailure } from "../failure";
import { executeFlow, type RunReport } from "../run/execute-flow";
import { createMemoryServices } from "../run/memory-services";
import { readFlow, readInput } from "../run/read-flow";
import { readSettings } from "../settings";

/**
 * Executes flow files one after the other in memory and prints a report of each. The exit code is 0 when all succeeded.
 * `--json` prints each report as one line of JSON; see `RunReport`.
 */
export async function run(files: string[], options: { input?: string; json?: boolean; credentials?: string }): Promise<void> {
  const settings = readSettings();
  const items = options.input === undefined ? null : readInput(options.input);
  const services = createMemoryServices(settings, options.credentials);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  process.once("SIGTERM", () => interrupted.abort());
  let allSucceeded = true;
  try {
    for (const file of files) {
      const report = await reportOn(file, async () => {
        const { flow, report: imported, remembered } = readFlow(file);
        for (const { nodeId, value } of remembered) {
          const { staticData } = services.storageOf(file)({ key: "import", nodeId: nodeId ?? "" });
          await staticData.write(nodeId === null ? "global" : "node", value);
        }
        // An imported workflow runs as far as it can: what has no counterpart fails when it is reached.
        return executeFlow(file, flow, { items, services, settings, signal: interrupted.signal, unchecked: imported !== null });
      });
      allSucceeded &&= report.status === "succeeded";
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describe(report));
    }
  } finally {
    await services.close();
  }
  // A wait for an event leaves a timer behind that nothing ends.
  process.exitCode = allSucceeded ? 0 : 1;
  await new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
  process.exit();
}

/** A file that cannot even be started is a failed one: the others still run. */
async function reportOn(file: string, execute: () => Promise<RunReport>): Promise<RunReport> {
  try {
    return await execute();
  } catch (error) {
    return { file, status: "failed", error: { node: null, message: describeFailure(error) }, steps: [] };
  }
}

const marks: Record<string, string> = { succeeded: "✓", failed: "✗", waiting: "…", cancelled: "–" };

function describe({ file, status, error, steps }: RunReport): string {
  const lines = steps.map((step) => {
    const counts = step.outputs.map((items) => items.length).join(", ");
    const name = step.run === 0 ? step.node : `${step.node} (run ${step.run + 1})`;
    return `  ${marks[step.status] ?? "·"} ${name}: ${step.error?.message ?? `${counts || 0} items`}`;
  });
  const reason = error ? `: ${error.node ? `${error.node}: ` : ""}${error.message}` : "";
  return `${marks[status]} ${file} ${status}${reason}\n${lines.map((line) => `${line}\n`).join("")}`;
}
