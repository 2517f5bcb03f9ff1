import type { NodeExecutor } from "@/flow/node/context";

/** Passes on the event: `id`, `name`, `data` and `receivedAt`. */
export const execute: NodeExecutor = ({ items }) => [items.length > 0 ? [...items] : [{ json: {} }]];
