import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flowFileSchema } from "../graph/schema";
import { importN8n } from "./import";
import { isN8nWorkflow, N8nImportError } from "./schema";
import { line, node, PREFIX, workflow } from "./testing/workflow";

describe("what counts as a workflow of n8n", () => {
  const one = workflow([node("A", "noOp")]);

  it.each([
    ["an export", one],
    ["what was copied", { nodes: one.nodes, connections: {}, pinData: {}, meta: { instanceId: "1" } }],
    ["a template", { id: 1, name: "T", workflow: one }],
    ["an answer of the API", { data: one }],
    ["an export of several that holds one", [one]],
    ["nodes without lines", { nodes: one.nodes }],
    ["an empty one", { nodes: [], connections: {} }],
  ])("%s does", (_what, json) => {
    expect(isN8nWorkflow(json)).toBe(true);
    expect(() => importN8n(json)).not.toThrow();
  });

  it.each([
    ["null", null],
    ["text", "nodes"],
    ["a flow of ours", { name: "F", graph: { nodes: [], edges: [] } }],
    ["a graph of ours", { nodes: [{ id: "a", name: "A", type: "set" }], edges: [] }],
    ["our clipboard", { tolstoy: "nodes", nodes: one.nodes, edges: [] }],
    ["nodes that are none", { nodes: [1], connections: {} }],
    ["two workflows", [one, one]],
  ])("%s does not", (_what, json) => {
    expect(isN8nWorkflow(json)).toBe(false);
    expect(() => importN8n(json)).toThrow(N8nImportError);
  });
});

describe("a hostile file", () => {
  it("cannot reach a prototype", () => {
    const { flow } = importN8n(
      JSON.parse(
        '{"nodes":[{"name":"A","type":"x.y","parameters":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}},{"name":"__proto__","type":"n8n-nodes-base.noOp"}],"connections":{"__proto__":{"main":[[{"node":"A"}]]}},"pinData":{"__proto__":[{"json":{}}]},"settings":{"__proto__":{"timezone":"UTC"}}}',
      ),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(flow.graph.nodes[0]?.parameters)).toBe(Object.prototype);
    expect(JSON.stringify(flow)).not.toContain('"__proto__":');
  });

  it("of thousands of nodes with thousands of outputs takes no more than a moment", () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => node(`N${index}`, "noOp"));
    const connections = Object.fromEntries(
      nodes.slice(1).map(({ name }, index) => [`N${index}`, { main: [[line(name, 0), line(name, 9e9)]] }]),
    );
    const start = performance.now();
    expect(importN8n(workflow(nodes, connections)).flow.graph.edges).toHaveLength(4999);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it("with ports beyond all measure gives no more ports than a node can have", () => {
    const parameters = {
      mode: "expression",
      numberOutputs: 1e12,
      rules: { rules: [{ output: 1e12 }] },
      numberInputs: 1e12,
      fallbackOutput: 1e12,
    };
    const types = ["switch", "merge", "slack", "if"];
    const nodes = types.flatMap((type) => [1, 2, 3].map((typeVersion) => node(`${type}${typeVersion}`, type, { typeVersion, parameters })));
    const modes = nodes.map((each) => ({
      ...each,
      name: `${each.name} rules`,
      id: undefined,
      parameters: { ...parameters, mode: "rules" },
    }));
    const connections = { A: { main: [types.map((type) => line(`${type}3`, 1e12))] } };
    const { flow, report } = importN8n(workflow([...nodes, ...modes, node("A", "noOp")], connections));
    expect(JSON.stringify(flow).length).toBeLessThan(100_000);
    expect(report.issues.filter(({ message }) => message.includes("input 1000000000000 has no counterpart"))).toHaveLength(4);
  });

  it("that is too deep or too large is refused with the reason", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
    expect(() => importN8n(workflow([node("A", "noOp", { parameters: deep })]))).toThrow(/nested more than 100 levels/);
    const many = Array.from({ length: 5001 }, (_, index) => node(`N${index}`, "noOp"));
    expect(() => importN8n(workflow(many))).toThrow(N8nImportError);
  });

  it("never makes the importer throw anything but its own error, or give a graph that is none", () => {
    const types = [
      "set",
      "if",
      "switch",
      "merge",
      "httpRequest",
      "code",
      "wait",
      "webhook",
      "cron",
      "interval",
      "scheduleTrigger",
      "filter",
      "itemLists",
      "dateTime",
      "summarize",
      "respondToWebhook",
      "stickyNote",
      "functionItem",
      "slack",
    ];
    const someNode = fc.record(
      {
        id: fc.anything(),
        name: fc.constantFrom("A", "B", "C"),
        type: fc.constantFrom(...types).map((type) => `${PREFIX}${type}`),
        typeVersion: fc.oneof(fc.constantFrom(1, 2, 3, 3.4, 4.2), fc.anything()),
        position: fc.anything(),
        parameters: fc.oneof(
          fc.anything(),
          fc.record({
            conditions: fc.jsonValue(),
            rules: fc.jsonValue(),
            values: fc.jsonValue(),
            options: fc.jsonValue(),
            mode: fc.jsonValue(),
            fields: fc.jsonValue(),
            rule: fc.jsonValue(),
            assignments: fc.jsonValue(),
          }),
        ),
        onError: fc.anything(),
        credentials: fc.anything(),
      },
      { requiredKeys: ["name", "type"] },
    );
    fc.assert(
      fc.property(fc.array(someNode, { maxLength: 4 }), fc.jsonValue(), fc.anything(), (nodes, connections, settings) => {
        let result: ReturnType<typeof importN8n>;
        try {
          result = importN8n({ nodes, connections: { A: { main: connections }, B: connections }, settings });
        } catch (error) {
          expect(error).toBeInstanceOf(N8nImportError);
          return;
        }
        const read = flowFileSchema.safeParse(JSON.parse(JSON.stringify(result.flow)));
        expect(read.error?.issues).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
