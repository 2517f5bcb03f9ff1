import type { NodeExecutor } from "@/flow/node/context";

/** Passes on what was sent: the values by their names, `submittedAt` and `formMode`. */
export const execute: NodeExecutor = ({ items }) => [items.length > 0 ? [...items] : [{ json: {} }]];
