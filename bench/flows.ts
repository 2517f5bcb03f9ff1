import type { FlowFile } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";

/** Webhook, then `count` nodes of a type in a line, answered with what the last one gives. */
export const line = (name: string, type: string, count: number, parameters: (index: number) => JsonObject): FlowFile => {
  const nodes = [
    { id: "in", name: "Webhook", type: "webhook-trigger", parameters: { methods: ["POST"], responseMode: "lastNode" } as JsonObject },
    ...Array.from({ length: count }, (_, index) => ({
      id: `n${index}`,
      name: `Step ${index + 1}`,
      type,
      parameters: parameters(index),
    })),
  ];
  return {
    name,
    graph: {
      nodes: nodes.map((node, index) => ({ ...node, version: 1, position: { x: index * 200, y: 0 } })),
      edges: nodes.slice(1).map((node, index) => ({
        id: `e${index}`,
        source: nodes[index]!.id,
        sourceHandle: "main",
        target: node.id,
        targetHandle: "main",
      })),
      settings: {},
      variables: {},
    },
  };
};

/** What ten Edit Fields nodes of a working flow do: keep what came, add a computed field. */
export const editFields = (index: number): JsonObject => ({
  mode: "fields",
  include: "all",
  fields: [
    { name: `field${index}`, type: "string", value: `={{ $json.body.customer.toUpperCase() }} ${index}` },
    { name: `total${index}`, type: "number", value: "={{ $json.body.amount * 1.19 }}" },
  ],
});

export const codeNode = (): JsonObject => ({
  mode: "allItems",
  language: "javascript",
  code: "for (const item of $input.all()) item.json.count = (item.json.count ?? 0) + 1;\nreturn $input.all();",
});
