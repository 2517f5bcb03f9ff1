import { describe, expect, it } from "vitest";
import type { Graph, GraphNode } from "@/flow/graph/schema";
import { createEditorStore, selectedNodeIds } from "./editor-store";

const node = (id: string, x = 0): GraphNode => ({
  id,
  name: id.toUpperCase(),
  type: "set",
  version: 1,
  position: { x, y: 0 },
  parameters: {},
});

const graph: Graph = {
  nodes: [node("a"), node("b", 300)],
  edges: [{ id: "e", source: "a", sourceHandle: "main", target: "b", targetHandle: "main" }],
  settings: {},
  variables: {},
};
const open = () => createEditorStore(graph, () => undefined);

describe("the editor's state", () => {
  it("undoes and redoes edits, and an edit after undo ends what could be redone", () => {
    const store = open();
    const { apply, undo, redo } = store.getState();
    apply({ type: "removeNodes", nodeIds: ["b"] });
    expect(store.getState().nodes).toHaveLength(1);
    expect(store.getState().edges).toHaveLength(0);
    undo();
    expect(store.getState().graph).toEqual(graph);
    expect(store.getState().edges).toHaveLength(1);
    redo();
    expect(store.getState().graph.nodes.map((each) => each.id)).toEqual(["a"]);
    undo();
    apply({ type: "setDisabled", nodeIds: ["a"], disabled: true });
    redo();
    expect(store.getState().graph.nodes.map((each) => each.id)).toEqual(["a", "b"]);
  });

  it("takes typing in one field as one step of undo", () => {
    const store = open();
    for (const url of ["h", "ht", "htt"])
      store.getState().apply({ type: "updateParameters", nodeId: "a", parameters: { url } }, { mergeKey: "a:url" });
    store.getState().apply({ type: "updateParameters", nodeId: "a", parameters: { url: "htt", on: true } }, { mergeKey: "a:on" });
    store.getState().undo();
    expect(store.getState().graph.nodes[0]?.parameters).toEqual({ url: "htt" });
    store.getState().undo();
    expect(store.getState().graph.nodes[0]?.parameters).toEqual({});
  });

  it("says why an edit does not fit, and leaves everything as it was", () => {
    const store = open();
    expect(store.getState().apply({ type: "renameNode", nodeId: "a", name: "B" })).toMatch(/exists already/);
    expect(store.getState().graph).toBe(graph);
    expect(store.getState().past).toHaveLength(0);
  });

  it("keeps untouched canvas nodes and the selection through an edit", () => {
    const store = open();
    store.getState().select(["b"]);
    const before = store.getState().nodes;
    store.getState().apply({ type: "updateParameters", nodeId: "a", parameters: { x: 1 } });
    const after = store.getState().nodes;
    expect(after[1]).toBe(before[1]);
    expect(after[0]).not.toBe(before[0]);
    expect(selectedNodeIds(store.getState())).toEqual(["b"]);
  });
});
