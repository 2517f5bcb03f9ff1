import { describe, expect, it } from "vitest";
import { readFlowJson } from "../n8n/read-flow";
import { readSteps } from "./read-steps";

const names = ({ flow }: ReturnType<typeof readSteps>): string[] => flow.graph.nodes.map(({ name, type }) => `${name}: ${type}`);
const lines = ({ flow }: ReturnType<typeof readSteps>): string[] =>
  flow.graph.edges.map(({ source, sourceHandle, target }) => `${source}.${sourceHandle} -> ${target}`);
const step = (type: string, config: object, more: object = {}) => ({ id: "one", type, config, ...more });

describe("a list of steps", () => {
  it("becomes a node for each, one after the other", () => {
    const read = readSteps({
      name: "Users",
      variables: { environment: "production" },
      steps: [
        { id: "data-process", type: "sandbox_sync", name: "Process User Data", config: { code: "return 1;", language: "javascript" } },
        { id: "pause", type: "delay", config: { delay: 1500 } },
        { id: "sync", type: "http_request", config: { critical: true, url: "https://api.example.com/sync", method: "POST" } },
      ],
    });
    expect(names(read)).toEqual(["Start: manual-trigger", "data-process: code", "pause: wait", "sync: http-request"]);
    expect(lines(read)).toEqual(["start.main -> step-1", "step-1.main -> step-2", "step-2.main -> step-3"]);
    expect(read.flow).toMatchObject({ name: "Users", graph: { variables: { environment: "production" } } });
    expect(read.flow.graph.nodes[1]?.notes).toBe("Process User Data");
    expect(read.flow.graph.nodes[2]?.parameters).toEqual({ resume: "interval", amount: 1.5, unit: "seconds" });
    expect(read.flow.graph.nodes[3]).toMatchObject({ parameters: { method: "POST", url: "https://api.example.com/sync" } });
    expect(read.flow.graph.nodes[3]?.settings).toBeUndefined();
  });

  it("leads around a step with a condition", () => {
    //  start ── one? ──true── one ──┐
    //            └─────false────────┴── two
    const read = readSteps({
      steps: [
        step("delay", { delay: 0 }, { executeIf: "variables.shouldTransform === true" }),
        { id: "two", type: "delay", config: { delay: 0 } },
      ],
    });
    expect(names(read)).toEqual(["Start: manual-trigger", "one?: if", "one: wait", "two: wait"]);
    expect(lines(read)).toEqual([
      "start.main -> step-1-if",
      "step-1-if.true -> step-1",
      "step-1.main -> step-2",
      "step-1-if.false -> step-2",
    ]);
  });

  it("goes on after a step that is not critical, and tries again as often as it says", () => {
    const settings = (config: object, more: object = {}) =>
      readSteps({ steps: [step("http_request", { url: "https://example.com", ...config }, more)] }).flow.graph.nodes[1]?.settings;
    expect(settings({ critical: false })).toEqual({ onError: "continue" });
    expect(settings({}, { critical: false })).toEqual({ onError: "continue" });
    expect(settings({ critical: true })).toBeUndefined();
    expect(settings({ retries: 3 })).toEqual({ retry: { maxAttempts: 4, waitMs: 1000, backoff: "exponential" } });
  });

  it("takes templates, headers and bodies of requests over", () => {
    const read = readSteps({
      steps: [
        step("http_request", {
          url: "https://example.com/users/{{ variables.id }}",
          method: "put",
          headers: { "X-Org": "{{ stepOutputs.login.org }}" },
          body: { name: "{{ variables.name }}", fixed: 1 },
          timeout: 5000,
        }),
      ],
    });
    expect(read.flow.graph.nodes[1]?.parameters).toEqual({
      method: "PUT",
      url: "=https://example.com/users/{{ variables.id }}",
      headers: [{ name: "X-Org", value: "={{ steps.login.org }}" }],
      query: [],
      body: "json",
      bodyFormat: "json",
      bodyJson: { name: "={{ variables.name }}", fixed: 1 },
      timeoutMs: 5000,
    });
  });

  it.each([
    ["def f(x):\n    return x\nreturn [f({'a': 1})]", "python"],
    ["const f = (x: number) => x; return f(1);", "typescript"],
    ["function processData(input) { return { processed: true }; }\nreturn processData(1);", "javascript"],
  ])("finds out the language of %j", (code, language) => {
    expect(readSteps({ steps: [step("code_execution", { code })] }).flow.graph.nodes[1]?.parameters.language).toBe(language);
  });

  it.each<[object, string]>([
    [{ steps: [] }, "steps: "],
    [{ steps: [step("teleport", {})] }, "steps.0.type: is none of sandbox_sync, sandbox_async"],
    [{ steps: [step("sandbox_sync", {})] }, 'The step "one" (sandbox_sync) has no config.code'],
    [{ steps: [step("conditional", {})] }, "has no config.condition"],
    [{ steps: [step("delay", {})] }, "needs config.delay"],
    [{ steps: [step("delay", { delay: 1 }), step("delay", { delay: 1 })] }, 'the id "one" is there twice'],
    [
      { steps: [step("sandbox_sync", { code: "x", language: "cobol" })] },
      "is written in cobol: JavaScript, TypeScript, Python, Go and Rust can be run",
    ],
  ])("says what is wrong with %j", (json, message) => {
    expect(() => readFlowJson(json)).toThrow(message);
  });

  it("keeps code of compiled languages as it is, and how long and how often it is waited for", () => {
    const code = "fn run(context: &Json) -> Json { Json::Null }";
    const config = { code, pollInterval: 2000, maxPollAttempts: 150, timeout: 600_000, waitForCompletion: false };
    const { flow, report } = readFlowJson({
      steps: [step("sandbox_async", config), { ...step("code_execution", { code, mode: "async" }), id: "two" }],
    });
    expect(flow.graph.nodes[1]?.parameters).toMatchObject({
      language: "rust",
      code,
      wait: "start",
      pollInterval: 2000,
      maxPollAttempts: 150,
      timeoutSeconds: 600,
    });
    expect(flow.graph.nodes[2]?.parameters).toMatchObject({ language: "rust", wait: "async" });
    expect(report?.issues.map(({ node, message }) => [node, message])).toEqual([
      ["one", expect.stringContaining("waitForCompletion is false")],
    ]);
  });
});
