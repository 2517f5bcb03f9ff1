import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import type { Sandbox, SandboxLanguage } from "@/flow/node/context";
import { executeForTest } from "@/nodes/testing/execute";
import { createHttpClient } from "@/server/http/guarded-client";
import { type DaytonaServer, startDaytonaServer } from "@/server/testing/daytona-server";
import { createSandbox } from "../sandbox";
import { createDaytonaSandbox } from "./sandbox";

/** What code of each language finds in its context, in a Code node, here and in Daytona. */
let daytona: DaytonaServer;
let http: ReturnType<typeof createHttpClient>;
let sandbox: ReturnType<typeof createSandbox>;
beforeAll(async () => {
  daytona = await startDaytonaServer();
  http = createHttpClient({ allowlist: [daytona.host] });
  const { apiKey, url: baseUrl } = daytona;
  const limits = { syncTimeoutMs: 60_000, asyncTimeoutMs: 60_000, startPollMs: 5 };
  sandbox = createSandbox({ size: 1, daytona: createDaytonaSandbox({ apiKey, baseUrl, http, ...limits }) });
});
afterAll(async () => {
  await sandbox.close();
  await http.close();
  await daytona.close();
});

const nodes = { "fetch-users": [{ users: [{ active: true }, { active: false }] }], "validate-input": [{ isValid: true }] };
const node = (parameters: JsonObject, given: Sandbox = sandbox) =>
  executeForTest("code", {
    sandbox: given,
    nodes,
    startedBy: "user-456",
    parameters: { language: "auto", timeoutSeconds: 60, ...parameters },
  });
const has = (program: string): boolean => spawnSync(program, ["version"], { stdio: "ignore" }).error === undefined;

const CODE: Record<SandboxLanguage, string> = {
  javascript: `function count(users) { return users.length; }
const said = context.utils.log('Starting', { n: 1 });
context.utils.warn('careful');
context.utils.error('bad');
return { users: count(context.stepOutputs['fetch-users'].users), valid: context.stepOutputs['validate-input'].isValid, by: context.meta.userId, org: context.meta.orgId, flow: context.meta.flowId, step: context.meta.stepId, execution: context.meta.executionId, at: context.meta.timestamp, variables: context.variables, type: said.type };`,
  typescript: `const users: unknown[] = context.stepOutputs['fetch-users'].users;
const said = context.utils.log('Starting', { n: 1 });
context.utils.warn('careful');
context.utils.error('bad');
const meta: Record<string, string> = context.meta;
return { users: users.length, valid: context.stepOutputs['validate-input'].isValid, by: meta.userId, org: meta.orgId, flow: meta.flowId, step: meta.stepId, execution: meta.executionId, at: meta.timestamp, variables: context.variables, type: said.type };`,
  python: `def count(users):
    return len(users)
said = context.utils.log('Starting', {'n': 1})
context.utils.warn('careful')
context.utils.error('bad')
meta = context.meta
return {'users': count(context.stepOutputs['fetch-users'].users), 'valid': context.stepOutputs['validate-input'].isValid, 'by': meta.userId, 'org': meta.orgId, 'flow': meta.flowId, 'step': meta.stepId, 'execution': meta.executionId, 'at': meta.timestamp, 'variables': context.variables, 'type': said.type}`,
  go: `func run(context map[string]any) any {
	said := utils.Log("Starting", map[string]any{"n": 1})
	utils.Warn("careful", nil)
	utils.Error("bad", nil)
	steps := context["stepOutputs"].(map[string]any)
	meta := context["meta"].(map[string]any)
	return map[string]any{
		"users": len(steps["fetch-users"].(map[string]any)["users"].([]any)),
		"valid": steps["validate-input"].(map[string]any)["isValid"],
		"by": meta["userId"], "org": meta["orgId"], "flow": meta["flowId"], "step": meta["stepId"], "execution": meta["executionId"],
		"at": meta["timestamp"], "variables": context["variables"], "type": said["type"],
	}
}`,
  rust: `fn run(context: &Json) -> Json {
    let said = utils::log_with("Starting", context.get("stepOutputs").get("validate-input"));
    utils::warn("careful");
    utils::error("bad");
    let steps = context.get("stepOutputs");
    let meta = context.get("meta");
    let mut result = Json::object();
    result.set("users", steps.get("fetch-users").get("users").list().len());
    result.set("valid", steps.get("validate-input").get("isValid"));
    for (name, field) in [("by", "userId"), ("org", "orgId"), ("flow", "flowId"), ("step", "stepId"), ("execution", "executionId"), ("at", "timestamp")] {
        result.set(name, meta.get(field));
    }
    result.set("variables", context.get("variables"));
    result.set("type", said.get("type"));
    result.set("data", said.get("data").get("isValid"));
    result.set("said", said.get("timestamp"));
    result
}`,
};

const EXPECTED = {
  users: 2,
  valid: true,
  by: "user-456",
  org: "org",
  flow: "flow",
  step: "Node",
  execution: "exec_test",
  at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  variables: {},
  type: "log",
};
const SAID = [
  expect.objectContaining({ level: "info", message: expect.stringContaining("Starting") }),
  expect.objectContaining({ level: "warn", message: expect.stringContaining("careful") }),
  expect.objectContaining({ level: "error", message: expect.stringContaining("bad") }),
];

describe.each<SandboxLanguage>(["javascript", "typescript", "python"])("%s, found by its words", (language) => {
  it.each([
    ["here", {}],
    ["in Daytona, waiting", { runIn: "daytona" }],
    ["in Daytona, asking again and again", { runIn: "daytona", wait: "async", pollInterval: 100 }],
  ])("finds variables, steps, where it is and its utilities %s", async (_, where) => {
    const { json, logs } = await node({ code: CODE[language], ...where });
    expect(json[0]?.[0]).toEqual(EXPECTED);
    expect(logs).toEqual(expect.arrayContaining(SAID));
  });
});

describe.skipIf(!has("go"))("go, found by its words", () => {
  it.each([["sync"], ["async"]])("finds variables, steps, where it is and its utilities, %s", { timeout: 120_000 }, async (wait) => {
    const { json, logs } = await node({ code: CODE.go, wait, pollInterval: 100 });
    expect(json[0]?.[0]).toEqual(EXPECTED);
    expect(logs).toEqual(expect.arrayContaining(SAID));
  });
});

describe.skipIf(!has("rustc"))("rust, found by its words", () => {
  it.each([["sync"], ["async"]])("finds variables, steps, where it is and its utilities, %s", { timeout: 120_000 }, async (wait) => {
    const { json, logs } = await node({ code: CODE.rust, wait, pollInterval: 100 });
    const { said, ...rest } = json[0]?.[0] ?? {};
    expect(rest).toEqual({ ...EXPECTED, data: true });
    expect(Math.abs(Date.parse(String(said)) - Date.now())).toBeLessThan(120_000);
    expect(logs).toEqual(expect.arrayContaining(SAID));
  });
});

it("what compiled code prints and says is logged in its order, each line with its level", { timeout: 120_000 }, async () => {
  if (!has("go")) return;
  const { logs } = await node({
    code: 'fmt.Println("one")\nutils.Warn("two\\nthree", nil)\nfmt.Println("four")\nreturn map[string]any{}',
    language: "go",
  });
  expect(logs.map(({ level, message }) => `${level} ${message}`)).toEqual(["info one", "warn two", "warn three", "info four"]);
});
