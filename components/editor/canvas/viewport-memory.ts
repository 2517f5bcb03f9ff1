import type { Viewport } from "@xyflow/react";
import { z } from "zod";

const viewportSchema = z.object({ x: z.number(), y: z.number(), zoom: z.number().positive() });
const keyOf = (flowId: string): string => `tolstoy:viewport:${flowId}`;

/** Where the person last looked at in this flow; null when never. */
export function recallViewport(flowId: string): Viewport | null {
  try {
    return viewportSchema.parse(JSON.parse(localStorage.getItem(keyOf(flowId)) ?? "null"));
  } catch {
    return null;
  }
}

export function rememberViewport(flowId: string, viewport: Viewport): void {
  try {
    localStorage.setItem(keyOf(flowId), JSON.stringify(viewport));
  } catch {
    // Without storage the flow opens fitted to the screen.
  }
}
