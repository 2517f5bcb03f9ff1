import { afterAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import type { Sandbox, SandboxJob } from "@/flow/node/context";
import { effectOf } from "@/flow/node/define-node";
// The real sandbox: what this node promises only shows when its prelude runs. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest, type TestVisit } from "../testing/execute";
import { code } from "./definition";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

const visit: TestVisit = { nodes: { "fetch-users": [{ users: [1, 2] }], count: [{ output: 7 }], other: [{ n: 1 }] } };
const run = (code: string, parameters: JsonObject = {}) =>
  executeForTest("code", { sandbox, ...visit, parameters: { code, ...parameters } });

describe.each([
  [
    "javascript",
    "return { users: context.stepOutputs['fetch-users'].users.length, count: context.stepOutputs.count, variables: context.variables, meta: context.meta }",
  ],
  [
    "typescript",
    "const n: number = context.stepOutputs['fetch-users'].users.length; return { users: n, count: context.stepOutputs.count, variables: context.variables, meta: context.meta }",
  ],
  [
    "python",
    "return {'users': len(context.stepOutputs['fetch-users'].users), 'count': context['stepOutputs']['count'], 'variables': context.variables, 'meta': context.meta}",
  ],
])("the context in %s", (language, code) => {
  it("has what was started with, what steps gave and where it is", async () => {
    const { json } = await run(code, { language });
    expect(json[0]?.[0]).toMatchObject({
      users: 2,
      count: 7,
      variables: {},
      meta: {
        orgId: "org",
        userId: null,
        flowId: "flow",
        stepId: "Node",
        executionId: "exec_test",
        timestamp: expect.stringMatching(/^\d{4}-/),
      },
    });
  });

  it("knows the person who started the execution", async () => {
    const reading = language === "python" ? "return {'by': context.meta.userId}" : "return { by: context.meta.userId }";
    const { json } = await executeForTest("code", { sandbox, startedBy: "user-1", parameters: { code: reading, language } });
    expect(json[0]?.[0]).toEqual({ by: "user-1" });
  });

  it("notes what is said by its utilities", async () => {
    const code = "return { made: context.utils.log('began', { n: 1 }), warned: context.utils.warn('careful').type }";
    const python = "return {'made': context.utils.log('began', {'n': 1}), 'warned': context.utils.warn('careful').type}";
    const { json, logs } = await run(language === "python" ? python : code, { language });
    expect(json[0]?.[0]).toMatchObject({ made: { type: "log", message: "began", data: { n: 1 } }, warned: "warn" });
    expect(logs[0]).toMatchObject({ level: "info", message: expect.stringMatching(/began \{"n": ?1\}/) });
    expect(logs[1]?.message).toBe("careful");
  });
});

describe("steps that are computed", () => {
  it("are all there", async () => {
    const { json } = await run(
      "const name = 'ot' + 'her'; return { n: context.stepOutputs[name].n, all: Object.keys(context.stepOutputs) }",
    );
    expect(json[0]?.[0]).toEqual({ n: 1, all: ["fetch-users", "count", "other"] });
  });
});

describe("code that names a context of its own", () => {
  it("has its own", async () => {
    expect((await run("const context = { mine: 1 }; return context")).json[0]?.[0]).toEqual({ mine: 1 });
    expect((await run("return { none: typeof context_ }")).json[0]?.[0]).toEqual({ none: "undefined" });
  });
});

describe("languages", () => {
  const jobs: SandboxJob[] = [];
  const recording: Sandbox = {
    run: async (job) => {
      jobs.push(job);
      return { value: { done: true }, logs: [] };
    },
  };
  const told = async (parameters: JsonObject): Promise<SandboxJob> => {
    await executeForTest("code", { sandbox: recording, items: [{ n: 1 }, { n: 2 }], ...visit, parameters });
    return jobs.at(-1) as SandboxJob;
  };

  it("are found by the code where the node says so", async () => {
    expect((await told({ language: "auto", code: "def f(x):\n  return x\nreturn f(1)" })).language).toBe("python");
    expect((await told({ language: "auto", code: "fn run(context: &Json) -> Json { Json::Null }" })).language).toBe("rust");
    expect((await told({ language: "auto", code: "return 1" })).language).toBe("javascript");
  });

  it("that are compiled get the context with its items as plain data, and their code as it was written", async () => {
    const code = 'return context["stepOutputs"].(map[string]any)["count"]';
    const job = await told({ language: "go", code });
    expect(job).toMatchObject({ language: "go", code, globals: { each: false, items: [{ n: 1 }, { n: 2 }] } });
    expect(job.globals.context).toMatchObject({ items: [{ n: 1 }, { n: 2 }], item: { n: 1 }, stepOutputs: { count: 7 } });
  });

  it("run where, and are waited for as, the node says", async () => {
    expect(await told({ code: "return 1" })).not.toHaveProperty("runIn");
    const parameters = { code: "return 1", runIn: "daytona", wait: "async", pollInterval: 2000, maxPollAttempts: 150, timeoutSeconds: 300 };
    expect(await told(parameters)).toMatchObject({
      runIn: "daytona",
      wait: { pollIntervalMs: 2000, maxPollAttempts: 150 },
      timeoutMs: 300_000,
    });
    const started = await told({ code: "return 1", runIn: "daytona", wait: "start" });
    expect(started).toMatchObject({ wait: "none", organizationId: "org" });
    expect(await told({ wait: "result", session: "s-1", pollInterval: 2000, maxPollAttempts: 5 })).toMatchObject({
      session: "s-1",
      organizationId: "org",
      wait: { pollIntervalMs: 2000, maxPollAttempts: 5 },
    });
    await expect(told({ wait: "result" })).rejects.toMatchObject({ name: "ParameterError", field: "session" });
  });
});

describe("code that may change something elsewhere", () => {
  const effect = (parameters: JsonObject) => effectOf(code, parameters);

  it.each<[JsonObject, string]>([
    [{ code: "return (await fetch('https://api.example.com')).json()" }, "write"],
    [{ code: "return this.helpers.httpRequest({ url })" }, "write"],
    [{ code: "$getWorkflowStaticData('global').n = 1; return []" }, "write"],
    [{ code: 'import "net/http"\nreturn 1', language: "go" }, "write"],
    [{ code: "import requests\nreturn 1", language: "python", runIn: "daytona" }, "write"],
    [{ code: "return context.stepOutputs['fetch-users'].fetched" }, "pure"],
    [{ code: "return $('fetch').all()" }, "pure"],
    [{ code: "return 1", language: "go" }, "pure"],
    [{ code: "return 1", runIn: "daytona", wait: "start" }, "write"],
    [{ code: "return 1", language: "rust", wait: "start" }, "write"],
    [{ code: "return 1", wait: "start" }, "pure"],
    [{ code: "return fetch(1)", wait: "result" }, "read"],
    [{ code: "import requests\nreturn 1", language: "python" }, "pure"],
  ])("is told by its words: %j", (parameters, expected) => expect(effect(parameters)).toBe(expected));
});
