import { expect, test } from "vitest";
import { storm, stormLines } from "./testing/storm";
import { expectedEnds } from "./testing/storm-flows";

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const EXECUTIONS = Number(process.env.CHAOS_EXECUTIONS ?? 1000);

test(`${EXECUTIONS} executions survive kill -9 of processes and of Postgres every second (seed ${SEED})`, {
  timeout: 900_000,
  retry: 0,
}, async () => {
  const report = await storm({ executions: EXECUTIONS, seed: SEED });
  process.stdout.write(`${stormLines(report).join("\n")}\n`);
  expect(report.violations).toEqual([]);
  expect(report.processesKilled).toBeGreaterThan(0);
  expect(report.byStatus).toEqual(expectedEnds(EXECUTIONS));
  expect(report.children).toBeGreaterThan(0);
  expect(report.resumed).toBeGreaterThan(0);
  expect(report.writesSeen).toBe(report.writesExpected);
});
