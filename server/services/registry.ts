import { createNodeRegistry } from "@/nodes/registry";

/** The nodes that this installation knows. */
export const registry = createNodeRegistry();
