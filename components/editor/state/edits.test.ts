import { describe, expect, it } from "vitest";
import { z } from "zod";
import { applyOperation } from "@/flow/graph/operations/apply";
import type { Graph, GraphNode } from "@/flow/graph/schema";
import { defineNode } from "@/flow/node/define-node";
import { connectionProblem } from "../canvas/connection-rules";
import { parseClipboardText, toClipboardText } from "./clipboard";
import { addNode, fragmentOf, insertOnEdge, pasteFragment } from "./edits";

const define = (type: string, inputs: string[], outputs: string[]) =>
  defineNode({
    type,
    version: 1,
    name: type === "set" ? "Edit Fields" : type,
    description: "",
    category: "data",
    icon: "box",
    parameters: z.object({}),
    inputs: inputs.map((name) => ({ name })),
    outputs: outputs.map((name) => ({ name })),
    effect: "pure",
  });

const set = define("set", ["main"], ["main"]);
const choice = define("if", ["main"], ["true", "false"]);
const start = define("start", [], ["main"]);
const definitionOf = (type: string) => [set, choice, start].find((definition) => definition.type === type);

const node = (id: string, type: string, x: number, parameters = {}): GraphNode => ({
  id,
  name: id.toUpperCase(),
  type,
  version: 1,
  position: { x, y: 0 },
  parameters,
});

const edge = (source: string, sourceHandle: string, target: string) => ({
  id: `${source}-${target}`,
  source,
  sourceHandle,
  target,
  targetHandle: "main",
});

// start ──> if ─true─> a ──> b
const graph: Graph = {
  nodes: [
    node("start", "start", 0),
    node("if", "if", 320),
    node("a", "set", 640),
    node("b", "set", 960, { text: "={{ $('A').item.json.x }}" }),
  ],
  edges: [edge("start", "main", "if"), edge("if", "true", "a"), edge("a", "main", "b")],
  settings: {},
  variables: {},
};

describe("adding a node", () => {
  it("connects it with the port it was drawn from and gives it a free name and place", () => {
    const first = applyOperation(
      graph,
      addNode(graph, set, { x: 640, y: 0 }, { nodeId: "if", handle: "false", side: "after" }).operation,
    ).graph;
    const { operation, node: second } = addNode(first, set, { x: 640, y: 200 });
    const after = applyOperation(first, operation).graph;
    expect(first.edges.at(-1)).toMatchObject({ source: "if", sourceHandle: "false", targetHandle: "main" });
    expect(first.nodes.at(-1)?.position.y).toBeGreaterThanOrEqual(64);
    expect(second.name).toBe("Edit Fields 1");
    expect(after.edges).toHaveLength(4);
  });

  it("leaves a node without inputs unconnected", () => {
    const { operation } = addNode(graph, start, { x: 0, y: 300 }, { nodeId: "b", handle: "main", side: "after" });
    expect(operation).toMatchObject({ type: "addNodes", edges: [] });
  });
});

describe("inserting a node on an edge", () => {
  it("takes the edge's ends, its first ports, and moves what follows out of the way", () => {
    const inserted = insertOnEdge(graph, graph.edges[1] as Graph["edges"][number], choice);
    if (!inserted) throw new Error("nothing inserted");
    const { graph: after, inverse } = applyOperation(graph, inserted.operation);
    const id = inserted.node.id;
    expect(after.edges).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ source: "if", sourceHandle: "true", target: id, targetHandle: "main" }),
        expect.objectContaining({ source: id, sourceHandle: "true", target: "a", targetHandle: "main" }),
      ]),
    );
    const x = (wanted: string) => after.nodes.find((candidate) => candidate.id === wanted)?.position.x ?? 0;
    expect(x("if")).toBeLessThan(x(id));
    expect(x(id)).toBeLessThan(x("a"));
    expect(x("a")).toBeLessThan(x("b"));
    expect(applyOperation(after, inverse).graph.nodes).toEqual(graph.nodes);
  });
});

describe("copying and pasting", () => {
  it("brings nodes, the edges among them, and references by their new names", () => {
    const text = toClipboardText(fragmentOf(graph, new Set(["a", "b"])));
    const parsed = parseClipboardText(text);
    if (!parsed || !("fragment" in parsed)) throw new Error("not parsed");
    const { operation, nodeIds } = pasteFragment(graph, parsed.fragment);
    const after = applyOperation(graph, operation).graph;
    const pasted = after.nodes.filter((candidate) => nodeIds.includes(candidate.id));
    expect(pasted.map((candidate) => candidate.name)).toEqual(["A 1", "B 1"]);
    expect(pasted[1]?.parameters).toEqual({ text: "={{ $('A 1').item.json.x }}" });
    expect(after.edges).toHaveLength(4);
    expect(after.nodes[3]?.parameters).toEqual({ text: "={{ $('A').item.json.x }}" });
  });

  it("takes a flow file, ignores other text and explains malformed nodes", () => {
    expect(parseClipboardText(JSON.stringify({ name: "F", graph }))).toMatchObject({ fragment: { nodes: { length: 4 } } });
    expect(parseClipboardText("hello")).toBeNull();
    const n8n = { nodes: [{ name: "A", type: "n8n-nodes-base.noOp", parameters: {}, position: [0, 0] }], connections: {} };
    expect(parseClipboardText(JSON.stringify(n8n))).toMatchObject({
      fragment: { nodes: [{ name: "A", type: "no-op" }] },
      report: { nodes: { converted: 1 } },
    });
    expect(parseClipboardText('{"some":"json"}')).toBeNull();
    expect(parseClipboardText('{"tolstoy":"nodes","nodes":[{"id":"x"}],"edges":[]}')).toMatchObject({
      error: expect.stringContaining("nodes.0.name"),
    });
  });

  it("drops edges whose other end was not copied", () => {
    const text = JSON.stringify({ tolstoy: "nodes", nodes: [graph.nodes[2]], edges: graph.edges });
    expect(parseClipboardText(text)).toMatchObject({ fragment: { edges: [] } });
  });
});

describe("connecting", () => {
  const problem = (source: string, sourceHandle: string, target: string, targetHandle = "main") =>
    connectionProblem(graph, { source, sourceHandle, target, targetHandle }, definitionOf);

  it("allows a new connection, also back to an earlier node", () => {
    expect(problem("if", "false", "b")).toBeNull();
    expect(problem("b", "main", "a")).toBeNull();
  });

  it("refuses a node with itself, a second identical edge, an entry node and a port that is not there", () => {
    expect(problem("a", "main", "a")).toMatch(/itself/);
    expect(problem("a", "main", "b")).toMatch(/already/);
    expect(problem("a", "main", "start")).toMatch(/starts the flow/);
    expect(problem("if", "maybe", "b")).toMatch(/no output "maybe"/);
    expect(problem("a", "main", "if", "second")).toMatch(/no input "second"/);
  });
});
