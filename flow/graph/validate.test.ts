import { expect, test } from "vitest";
import { createNodeRegistry } from "@/nodes/registry";
import type { Graph } from "./schema";
import { validateGraph } from "./validate";

const registry = createNodeRegistry();

/** A trigger and an Edit Fields node whose fields have these values. */
const graphOf = (values: string[]): Graph => ({
  nodes: [
    { id: "start", name: "Start", type: "manual-trigger", version: 1, position: { x: 0, y: 0 }, parameters: {} },
    {
      id: "fields",
      name: "Fields",
      type: "set",
      version: 1,
      position: { x: 1, y: 0 },
      parameters: { fields: values.map((value, index) => ({ name: `f${index}`, type: "string", value })) },
    },
  ],
  edges: [{ id: "e", source: "start", sourceHandle: "main", target: "fields", targetHandle: "main" }],
  settings: {},
  variables: {},
});

test.each<[string, string[]]>([
  ["one field", [`=${"{{ 1 }}".repeat(500_000)}`]],
  ["many fields", Array.from({ length: 30_000 }, () => "={{ 1 }}")],
])("more expressions in %s than anybody writes are refused before they are parsed", (_where, values) => {
  const start = performance.now();
  const issues = validateGraph(graphOf(values), registry);
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(issues).toMatchObject([{ severity: "error", nodeId: null, message: expect.stringContaining("more than 20000 expressions") }]);
});

test("texts with braces that are no templates do not count", () => {
  expect(validateGraph(graphOf(["{{ not evaluated }}".repeat(30_000), "={{ 1 }} and {{ 2 }}"]), registry)).toEqual([]);
});
