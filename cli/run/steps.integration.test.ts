import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommand } from "../testing/run-command";
import type { RunReport } from "./execute-flow";

const directory = mkdtempSync(path.join(os.tmpdir(), "tolstoy-steps-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function run(steps: object[], input: object = {}) {
  writeFileSync(path.join(directory, "steps.json"), JSON.stringify({ name: "Steps", variables: { environmentType: "production" }, steps }));
  const { stdout, stderr } = await runCommand(["run", "steps.json", "--json", "--input", JSON.stringify(input)], { directory });
  const report = JSON.parse(stdout) as RunReport;
  return {
    status: report.status,
    error: report.error?.message,
    stderr,
    outputs: Object.fromEntries(report.steps.map(({ node, outputs }) => [node, outputs[0]?.[0]?.json])),
  };
}

const users = [
  { id: 1, name: "Ada", firstName: "Ada", lastName: "Lovelace", active: true },
  { id: 2, name: "Bo", firstName: "Bo", lastName: "Ek", active: false },
];

test("code, transformations and conditions read variables and what earlier steps gave", async () => {
  const { status, outputs, stderr } = await run(
    [
      {
        id: "data-process",
        type: "sandbox_sync",
        config: {
          code: "return context.variables.users.filter(u => u.active).map(u => ({ id: u.id, name: u.name }));",
          language: "javascript",
        },
      },
      { id: "fetch-users", type: "code_execution", config: { code: "return { data: context.variables.users };", mode: "sync" } },
      {
        id: "summary",
        type: "sandbox_async",
        config: {
          code: "const users = context.stepOutputs['fetch-users'].data;\ncontext.utils.log('Starting data processing', { userCount: users.length });\nconst activeUsers = users.filter(user => user.active);\nreturn { total: users.length, active: activeUsers.length, first: context.stepOutputs['data-process'][0].name, environment: context.variables.environmentType, at: context.meta.stepId };",
          waitForCompletion: false,
        },
      },
      { id: "validation", type: "data_transform", config: { script: "return { score: input.active };" } },
      {
        id: "check",
        type: "conditional",
        config: { condition: "context.variables.userRole === 'admin' && context.stepOutputs.validation.score > 0.8", useSandbox: true },
      },
      { id: "wait", type: "delay", config: { delay: 5 } },
    ],
    { users, userRole: "admin" },
  );
  expect({ status, outputs }).toMatchObject({
    status: "succeeded",
    outputs: {
      "data-process": { output: [{ id: 1, name: "Ada" }] },
      "fetch-users": { data: users },
      summary: { total: 2, active: 1, first: "Ada", environment: "production", at: "summary" },
      validation: { score: 1 },
      check: { result: true },
    },
  });
  expect(stderr).toContain('Starting data processing {"userCount":2}');
});

test("the first transformation gets the variables, and text comes out as it is", async () => {
  const steps = [{ id: "upper", type: "data_transform", config: { script: "return input.name.toUpperCase()", useSandbox: false } }];
  expect(await run(steps, { name: "john doe" })).toMatchObject({ status: "succeeded", outputs: { upper: { output: "JOHN DOE" } } });
});

test("a step runs only if its condition holds, and what was left out reads as nothing", async () => {
  const steps = [
    {
      id: "transform",
      type: "data_transform",
      config: { script: "return { done: true }" },
      executeIf: "variables.shouldTransform === true",
    },
    { id: "after", type: "sandbox_sync", config: { code: "return { saw: context.stepOutputs.transform ?? 'nothing' }" } },
    { id: "twice", type: "delay", config: { delay: 0 }, executeIf: "stepOutputs.after.saw.done && context.variables.shouldTransform" },
  ];
  const taken = await run(steps, { shouldTransform: true });
  expect(taken).toMatchObject({ status: "succeeded", outputs: { transform: { done: true }, after: { saw: { done: true } }, twice: {} } });
  const skipped = await run(steps, { shouldTransform: false });
  expect(skipped).toMatchObject({ status: "succeeded", outputs: { after: { saw: "nothing" } } });
  expect(skipped.outputs).not.toHaveProperty("transform");
  expect(skipped.outputs).not.toHaveProperty("twice");
});

test("a failing step ends the flow unless it is not critical", async () => {
  const steps = (critical?: boolean) => [
    { id: "fails", type: "sandbox_sync", config: { code: "throw new Error('no stock')", ...(critical !== undefined && { critical }) } },
    { id: "after", type: "sandbox_sync", config: { code: "return { reached: true }" } },
  ];
  expect(await run(steps())).toMatchObject({ status: "failed", error: expect.stringContaining("no stock [line 1]") });
  expect(await run(steps(true))).toMatchObject({ status: "failed" });
  expect(await run(steps(false))).toMatchObject({ status: "succeeded", outputs: { after: { reached: true } } });
});

test("a requested list of steps can be told what becomes of it", async () => {
  writeFileSync(
    path.join(directory, "alias.json"),
    JSON.stringify({ steps: [{ id: "a", type: "sandbox_async", config: { code: "return 1" } }] }),
  );
  const { stdout, code } = await runCommand(["import", "alias.json"], { directory });
  expect(code).toBe(0);
  expect(stdout).toContain("1 of 1 nodes converted");
});
