import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sketch } from "../../interpreter/testing/registry";
import type { Graph } from "../schema";
import { applyOperation } from "./apply";
import type { GraphOperation } from "./operation";

const graph = sketch({ A: {}, B: { parameters: { set: { x: "={{ $('A').item.json.n }}" }, code: "return $('A').all()" } }, C: {} }, [
  "A -> B",
  "B -> C",
  "A -> C",
]);

const freeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null) for (const entry of Object.values(Object.freeze(value))) freeze(entry);
  return value;
};
freeze(graph);

const ids = fc.constantFrom("A", "B", "C");
const position = fc.record({ x: fc.integer(), y: fc.integer() });
const operation: fc.Arbitrary<GraphOperation> = fc.oneof(
  fc.uniqueArray(ids, { minLength: 1 }).map((nodeIds) => ({ type: "removeNodes" as const, nodeIds })),
  fc.dictionary(ids, position).map((positions) => ({ type: "moveNodes" as const, positions })),
  fc
    .record({ nodeId: ids, name: fc.constantFrom("A", "X", "A 2", "weird 'name'") })
    .map((each) => ({ type: "renameNode" as const, ...each })),
  fc.record({ nodeIds: fc.uniqueArray(ids), disabled: fc.boolean() }).map((each) => ({ type: "setDisabled" as const, ...each })),
  fc.record({ nodeId: ids, parameters: fc.constant({ a: 1 }) }).map((each) => ({ type: "updateParameters" as const, ...each })),
  fc
    .record({ nodeId: ids, settings: fc.constantFrom({}, { executeOnce: true }) })
    .map((each) => ({ type: "updateSettings" as const, ...each })),
  fc
    .record({
      nodeId: ids,
      credentials: fc.constantFrom<Record<string, { id: string; name: string }>>({}, { credential: { id: "cred_1", name: "Shop" } }),
    })
    .map((each) => ({ type: "setCredentials" as const, ...each })),
  fc.record({ nodeId: ids, notes: fc.constantFrom("", "note") }).map((each) => ({ type: "updateNotes" as const, ...each })),
  fc
    .record({ nodeId: ids, pinned: fc.option(fc.array(fc.record({ json: fc.constant({ n: 1 }) }), { maxLength: 2 })) })
    .map((each) => ({ type: "setPinned" as const, ...each })),
  fc.subarray(["e0", "e1", "e2"]).map((edgeIds) => ({ type: "disconnect" as const, edgeIds })),
  fc.record({ source: ids, target: ids }).map((ends) => ({
    type: "connect" as const,
    edges: [{ id: "new", sourceHandle: "main", targetHandle: "main", ...ends }],
  })),
);

const attempt = (from: Graph, each: GraphOperation) => {
  try {
    return applyOperation(from, each);
  } catch {
    return null;
  }
};

describe("applyOperation", () => {
  it("has an inverse that gives the very same graph, whatever came before", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
        let current: Graph = graph;
        const history: { before: Graph; inverse: GraphOperation }[] = [];
        for (const each of operations) {
          const applied = attempt(current, each);
          if (!applied) continue;
          history.push({ before: current, inverse: applied.inverse });
          current = freeze(applied.graph);
        }
        for (const { before, inverse } of history.reverse()) {
          current = applyOperation(current, inverse).graph;
          expect(current).toEqual(before);
        }
      }),
    );
  });

  it("leaves a text that named the new name before alone when the rename is taken back", () => {
    const early = sketch({ A: {}, B: { parameters: { x: "={{ $('New').item.json.n }}" } } }, []);
    const { graph: renamed, inverse } = applyOperation(early, { type: "renameNode", nodeId: "A", name: "New" });
    expect(applyOperation(renamed, inverse).graph).toEqual(early);
  });

  it("rewrites expressions and code that name a renamed node", () => {
    const { graph: renamed } = applyOperation(graph, { type: "renameNode", nodeId: "A", name: "It's new" });
    const [, b] = renamed.nodes;
    expect(JSON.stringify(b?.parameters)).toContain("It");
    expect(JSON.stringify(b?.parameters)).not.toContain("$('A')");
  });

  it.each<[string, GraphOperation, RegExp]>([
    ["a node that is not there", { type: "setDisabled", nodeIds: ["Z"], disabled: true }, /no node "Z"/],
    ["a name that is taken", { type: "renameNode", nodeId: "A", name: "B" }, /named "B" exists already/],
    ["an edge that is not there", { type: "disconnect", edgeIds: ["nope"] }, /not in this flow/],
  ])("refuses %s and says what is wrong", (_, each, message) => {
    expect(() => applyOperation(graph, each)).toThrow(message);
  });

  it("is all or nothing in a batch", () => {
    const before = JSON.stringify(graph);
    expect(() =>
      applyOperation(graph, {
        type: "batch",
        operations: [
          { type: "removeNodes", nodeIds: ["A"] },
          { type: "removeNodes", nodeIds: ["A"] },
        ],
      }),
    ).toThrow();
    expect(JSON.stringify(graph)).toBe(before);
  });
});
