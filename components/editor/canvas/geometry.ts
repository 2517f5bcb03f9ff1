import type { GraphNode } from "@/flow/graph/schema";

export interface Point {
  x: number;
  y: number;
}

/**
 * Pixels at zoom 1. A node's size follows from its ports alone, so that layout needs no measuring. Flows from n8n stand about
 * 200 apart: a node and its text must fit in there.
 */
export const NODE_WIDTH = 88;
export const NODE_MIN_HEIGHT = 88;
/** Name and subtitle, below the node. */
export const LABEL_WIDTH = 176;
export const LABEL_HEIGHT = 44;
export const PORT_SPACING = 28;
export const GAP_X = 120;
export const GAP_Y = 32;
export const GRID = 8;

export const nodeHeight = (inputs: number, outputs: number): number =>
  Math.max(NODE_MIN_HEIGHT, Math.max(inputs, outputs) * PORT_SPACING + 16);

/** Distance of the `index`th of `count` ports from the node's top. */
export const portOffset = (index: number, count: number, height: number): number => height / 2 + (index - (count - 1) / 2) * PORT_SPACING;

export const snap = (point: Point): Point => ({ x: Math.round(point.x / GRID) * GRID, y: Math.round(point.y / GRID) * GRID });

/** `wanted`, or the nearest place below it where no node lies. */
export function freePosition(nodes: readonly Pick<GraphNode, "position">[], wanted: Point): Point {
  const covers = (at: Point): boolean =>
    nodes.some(({ position }) => Math.abs(position.x - at.x) < LABEL_WIDTH && Math.abs(position.y - at.y) < NODE_MIN_HEIGHT + LABEL_HEIGHT);
  let { x, y } = wanted;
  while (covers({ x, y })) y += NODE_MIN_HEIGHT + LABEL_HEIGHT + GAP_Y;
  return { x, y };
}
