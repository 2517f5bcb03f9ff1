import { describe, expect, it } from "vitest";
import { flowFileText } from "../graph/export";
import { graphSchema } from "../graph/schema";
import { importN8n } from "./import";
import { readFlowJson } from "./read-flow";
import { line, node, workflow } from "./testing/workflow";

describe("importing a workflow of n8n", () => {
  it("keeps names, places, notes and settings of nodes", () => {
    const { flow, report } = importN8n(
      workflow([
        node("Start", "manualTrigger"),
        node("Fetch", "httpRequest", {
          typeVersion: 4.2,
          position: [320, -40],
          notes: "asks the shop",
          disabled: true,
          executeOnce: true,
          alwaysOutputData: true,
          onError: "continueErrorOutput",
          retryOnFail: true,
          maxTries: 5,
          waitBetweenTries: 250,
          parameters: { url: "=https://shop.example/{{ $json.id }}", options: {} },
          credentials: { httpBasicAuth: { id: "7", name: "Shop" } },
        }),
      ]),
    );
    expect(flow.name).toBe("Orders");
    expect(flow.graph.nodes[1]).toMatchObject({
      id: "id-Fetch",
      name: "Fetch",
      type: "http-request",
      position: { x: 320, y: -40 },
      notes: "asks the shop",
      disabled: true,
      parameters: { url: "=https://shop.example/{{ $json.id }}", method: "GET" },
      settings: {
        executeOnce: true,
        alwaysOutputData: true,
        onError: "errorOutput",
        retry: { maxAttempts: 5, waitMs: 250, backoff: "fixed" },
      },
      credentials: { httpBasicAuth: { id: "7", name: "Shop" } },
    });
    expect(report.credentials).toEqual([{ node: "Fetch", type: "httpBasicAuth", name: "Shop" }]);
    expect(report.nodes).toEqual({ total: 2, converted: 2, placeholders: 0, notes: 0 });
    expect(graphSchema.parse(flow.graph)).toEqual(flow.graph);
  });

  it("turns indexes of outputs and inputs into handles, the error output last", () => {
    const { flow } = importN8n(
      workflow(
        [
          node("If", "if", { typeVersion: 2.2, onError: "continueErrorOutput" }),
          node("Switch", "switch", {
            typeVersion: 3,
            parameters: { rules: { values: [{ conditions: {} }] }, options: { fallbackOutput: "extra" } },
          }),
          node("Merge", "merge", { typeVersion: 3 }),
        ],
        {
          If: { main: [[line("Merge", 0)], [line("Merge", 1)], [line("Switch")]] },
          Switch: { main: [null, [line("Merge", 1)]] },
        },
      ),
    );
    const names = new Map(flow.graph.nodes.map(({ id, name }) => [id, name]));
    expect(
      flow.graph.edges.map((edge) => `${names.get(edge.source)}.${edge.sourceHandle} -> ${names.get(edge.target)}.${edge.targetHandle}`),
    ).toEqual(["If.true -> Merge.input1", "If.false -> Merge.input2", "If.error -> Switch.main", "Switch.fallback -> Merge.input2"]);
  });

  it("puts a placeholder in the place of what has no counterpart, with its JSON and its ports", () => {
    const parameters = { chatId: "={{ $json.chat }}", text: "hi" };
    const { flow, report } = importN8n(
      workflow(
        [
          node("Start", "manualTrigger"),
          node("Tell", "mattermost", { typeVersion: 1.2, parameters }),
          node("A", "noOp"),
          node("B", "noOp"),
        ],
        {
          Start: { main: [[line("Tell")]] },
          Tell: { main: [[line("A")], [line("B")]] },
        },
      ),
    );
    expect(flow.graph.nodes[1]).toMatchObject({
      name: "Tell",
      type: "n8n-placeholder",
      parameters: { original: { type: "n8n-nodes-base.mattermost", typeVersion: 1.2, parameters }, inputs: 1, outputs: 2 },
    });
    expect(flow.graph.edges.map((edge) => edge.sourceHandle)).toEqual(["main", "port1", "port2"]);
    expect(report.issues).toContainEqual(
      expect.objectContaining({
        severity: "missing",
        node: "Tell",
        type: "n8n-nodes-base.mattermost",
        message: expect.stringContaining("no counterpart"),
      }),
    );
  });

  it("reports each parameter that has no counterpart, and none that has", () => {
    const { report } = importN8n(
      workflow([
        node("Fetch", "httpRequest", {
          typeVersion: 4.2,
          parameters: {
            url: "https://a.example",
            authentication: "genericCredentialType",
            genericAuthType: "httpBasicAuth",
            options: {
              timeout: 100,
              proxy: "http://proxy",
              pagination: { pagination: { paginationMode: "responseContainsNextURL" } },
              shiny: true,
            },
          },
        }),
      ]),
    );
    expect(report.issues.filter(({ node }) => node === "Fetch").map(({ field }) => field)).toEqual(["options.proxy", "options.shiny"]);
  });

  it("keeps the parameters that expressions read by the names that these know", () => {
    const reading = node("Read", "set", {
      typeVersion: 2,
      parameters: { values: { string: [{ name: "a", value: "={{ $('Limit').params.maxItems }}" }] } },
    });
    const limit = node("Limit", "limit", { parameters: { maxItems: 3 } });
    const { flow, report } = importN8n(workflow([reading, limit]));
    expect(report.issues).toEqual([]);
    expect(flow.graph.nodes.map(({ imported }) => imported)).toEqual([
      { version: 2, parameters: reading.parameters },
      { version: 1, parameters: { maxItems: 3 } },
    ]);
    expect(importN8n(workflow([limit])).flow.graph.nodes[0]).not.toHaveProperty("imported");
  });

  it("takes over time zone, time limit and error workflow, and says what another order of execution means", () => {
    const { flow, report } = importN8n(
      workflow(
        [],
        {},
        { settings: { timezone: "Europe/Berlin", errorWorkflow: "99", executionOrder: "v0", callerPolicy: "any", executionTimeout: 60 } },
      ),
    );
    expect(flow.graph.settings).toEqual({ timezone: "Europe/Berlin", errorFlow: "99", timeoutMs: 60_000 });
    expect(report.issues.map(({ severity, field }) => `${severity} ${field}`)).toEqual(["missing errorWorkflow", "changed executionOrder"]);
  });

  it("reads notes and nodes that have no name", () => {
    const { flow } = importN8n({
      nodes: [
        { type: "n8n-nodes-base.stickyNote", parameters: { content: "Hi" } },
        { type: "n8n-nodes-base.stickyNote", parameters: {} },
        { type: "n8n-nodes-base.noOp", name: "A" },
      ],
      connections: {},
    });
    expect(flow.graph.nodes.map(({ name }) => name)).toEqual(["stickyNote", "stickyNote 1", "A"]);
  });

  it("pins data, as items or as the bare JSON of old exports", () => {
    const { flow } = importN8n(
      workflow(
        [node("A", "noOp"), node("B", "noOp")],
        {},
        { pinData: { A: [{ json: { n: 1 }, pairedItem: 0 }], B: [{ n: 2 }], Gone: [{}] } },
      ),
    );
    expect(flow.graph.nodes.map(({ pinned }) => pinned)).toEqual([[{ json: { n: 1 } }], [{ json: { n: 2 } }]]);
  });

  it("makes names and ids differ where an export has them twice", () => {
    const { flow } = importN8n(
      workflow([node("A", "noOp", { id: "x" }), node("A", "noOp", { id: "x" }), node("B", "noOp", { id: undefined })]),
    );
    expect(flow.graph.nodes.map(({ name }) => name)).toEqual(["A", "A 1", "B"]);
    expect(new Set(flow.graph.nodes.map(({ id }) => id)).size).toBe(3);
  });

  it("leaves out lines to nodes that are not there, and reports ports that are not", () => {
    const { flow, report } = importN8n(
      workflow([node("A", "noOp"), node("B", "limit")], {
        A: { main: [[line("Gone"), line("B", 3)], [line("B")]] },
        Gone: { main: [[line("A")]] },
      }),
    );
    expect(flow.graph.edges).toEqual([]);
    expect(report.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining("its input 3 has no counterpart"),
      expect.stringContaining("its output 1 has no counterpart"),
    ]);
  });

  it("reports what AI nodes are put together by", () => {
    const { report } = importN8n(
      workflow([node("Model", "lmChatOpenAi"), node("Agent", "agent")], {
        Model: { ai_languageModel: [[{ node: "Agent", type: "ai_languageModel", index: 0 }]] },
      }),
    );
    expect(report.issues).toContainEqual(expect.objectContaining({ node: "Model", message: expect.stringContaining("ai_languageModel") }));
  });

  it("says which old settings of a schedule become what", () => {
    const { flow } = importN8n(
      workflow([
        node("Cron", "cron", {
          parameters: {
            triggerTimes: {
              item: [
                { mode: "everyWeek", hour: 9, weekday: "5" },
                { mode: "custom", cronExpression: "0 0 * * 1" },
              ],
            },
          },
        }),
        node("Interval", "interval", { parameters: { interval: 10 } }),
        node("Schedule", "scheduleTrigger", {
          typeVersion: 1.2,
          parameters: { rule: { interval: [{}, { field: "weeks", triggerAtDay: [1, 3], triggerAtHour: 8 }] } },
        }),
      ]),
    );
    expect(flow.graph.nodes.map(({ parameters }) => parameters.rules)).toEqual([
      [
        { every: "weeks", interval: 1, weekdays: [5], hour: 9, minute: 0 },
        { every: "cron", cron: "0 0 * * 1" },
      ],
      [{ every: "cron", cron: "*/10 * * * * *" }],
      [
        { every: "days", interval: 1, hour: 0, minute: 0 },
        { every: "weeks", interval: 1, weekdays: [1, 3], hour: 8, minute: 0 },
      ],
    ]);
  });
});

it("reads its own export again, without loss and without a report", () => {
  const { flow } = importN8n(
    workflow(
      [node("A", "noOp"), node("B", "slack", { parameters: { text: "=hi" } })],
      { A: { main: [[line("B")]] } },
      { pinData: { A: [{ json: {} }] } },
    ),
  );
  expect(readFlowJson(JSON.parse(flowFileText(flow)))).toEqual({ flow, report: null, remembered: [] });
});
