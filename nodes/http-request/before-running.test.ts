import { expect, it } from "vitest";
import { graphSchema } from "@/flow/graph/schema";
import { validateGraph } from "@/flow/graph/validate";
import { nodeRegistry } from "../registry";

const calling = (parameters: object) =>
  graphSchema.parse({
    nodes: [
      { id: "start", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } },
      { id: "call", name: "Call the shop", type: "http-request", position: { x: 200, y: 0 }, parameters },
    ],
    edges: [{ id: "1", source: "start", target: "call" }],
  });

it("cannot run without a URL: the refusal names the node and the field", () => {
  expect(validateGraph(calling({}), nodeRegistry)).toEqual([
    { severity: "error", nodeId: "call", nodeName: "Call the shop", field: "url", message: "is empty: fill it in" },
  ]);
  expect(validateGraph(calling({ url: "={{ $json.url }}" }), nodeRegistry)).toEqual([]);
});
