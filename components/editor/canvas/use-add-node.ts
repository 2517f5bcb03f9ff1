"use client";
import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import { type AnyNodeDefinition, inputHandles } from "@/flow/node/define-node";
import { isConnected, nodeOf, portsOf } from "../state/canvas-elements";
import { useEditorEnvironment } from "../state/editor-context";
import { selectedNodeIds } from "../state/editor-store";
import { type Attachment, addNode, insertOnEdge } from "../state/edits";
import type { PickerTarget } from "../state/interface-slice";
import { GAP_X, LABEL_HEIGHT, NODE_MIN_HEIGHT, NODE_WIDTH, type Point } from "./geometry";

/** Adds a node where the person meant it, selects it and brings it into view. */
export function useAddNode(): (definition: AnyNodeDefinition, target?: PickerTarget) => void {
  const { store, definitionOf } = useEditorEnvironment();
  const flow = useReactFlow();

  return useCallback(
    (definition, target = { kind: "place", position: null }) => {
      const state = store.getState();
      const { graph, apply } = state;

      if (target.kind === "edge") {
        const edge = graph.edges.find((candidate) => candidate.id === target.edgeId);
        const inserted = edge && insertOnEdge(graph, edge, definition);
        if (inserted) apply(inserted.operation, { select: [inserted.node.id] });
        return;
      }

      const middle = (): Point => {
        const bounds = document.querySelector("[data-canvas]")?.getBoundingClientRect();
        if (!bounds) return { x: 0, y: 0 };
        const at = flow.screenToFlowPosition({ x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 });
        return { x: at.x - NODE_WIDTH / 2, y: at.y - NODE_MIN_HEIGHT / 2 };
      };
      const beside = (attachment: Attachment): Point => {
        const other = nodeOf(graph, attachment.nodeId);
        if (!other) return middle();
        const dx = (NODE_WIDTH + GAP_X) * (attachment.side === "after" ? 1 : -1);
        return { x: other.position.x + dx, y: other.position.y };
      };
      // After the one selected node, when its first output is free and the new node takes an input.
      const following = (): Attachment | undefined => {
        const [only, ...others] = selectedNodeIds(state);
        const node = only === undefined || others.length > 0 ? undefined : nodeOf(graph, only);
        if (!node || inputHandles(definition, {}).length === 0) return undefined;
        const free = portsOf(node, definitionOf).outputs.find((port) => !isConnected(graph.edges, node.id, port.name));
        return free && { nodeId: node.id, handle: free.name, side: "after" };
      };

      const attachment = target.kind === "attach" ? target.attachment : target.position === null ? following() : undefined;
      const position = target.position ?? (attachment ? beside(attachment) : middle());
      const { operation, node } = addNode(graph, definition, position, attachment);
      apply(operation, { select: [node.id] });
      bringIntoView(flow, node.position);
    },
    [store, definitionOf, flow],
  );
}

function bringIntoView(flow: ReturnType<typeof useReactFlow>, position: Point): void {
  const bounds = document.querySelector("[data-canvas]")?.getBoundingClientRect();
  if (!bounds) return;
  const { x, y, zoom } = flow.getViewport();
  const left = position.x * zoom + x;
  const top = position.y * zoom + y;
  const inside =
    left > 8 && top > 8 && left + NODE_WIDTH * zoom < bounds.width - 8 && top + (NODE_MIN_HEIGHT + LABEL_HEIGHT) * zoom < bounds.height - 8;
  if (!inside) void flow.setCenter(position.x + NODE_WIDTH / 2, position.y + NODE_MIN_HEIGHT / 2, { zoom, duration: 200 });
}
