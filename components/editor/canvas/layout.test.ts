import { expect, it } from "vitest";
import { graphSchema } from "@/flow/graph/schema";
import { definitionOf } from "@/nodes/catalog";
import { layoutGraph } from "./layout";

const at = { x: 0, y: 0 };
const node = (id: string, type: string) => ({ id, name: id, type, version: 1, position: at });

it.each([
  ["yes", "no"],
  ["no", "yes"],
])("draws what follows true above what follows false, whichever was added first (%s, %s)", async (first, second) => {
  const graph = graphSchema.parse({
    nodes: [
      node("start", "manual-trigger"),
      node("hook", "webhook-trigger"),
      node("large", "if"),
      node(first, "set"),
      node(second, "set"),
      node("both", "merge"),
    ],
    edges: [
      { id: "0", source: "start", target: "large" },
      { id: "1", source: "hook", target: "large" },
      { id: "2", source: "large", sourceHandle: "true", target: "yes" },
      { id: "3", source: "large", sourceHandle: "false", target: "no" },
      { id: "4", source: "yes", target: "both", targetHandle: "input1" },
      { id: "5", source: "no", target: "both", targetHandle: "input2" },
    ],
  });
  const places = await layoutGraph(graph, definitionOf);
  expect(places.yes?.y).toBeLessThan(places.no?.y ?? 0);
});
