import type { NodeExecutor } from "@/flow/node/context";

/** Passes on the recorded call: `headers`, `params`, `query` and `body` of one item. */
export const execute: NodeExecutor = ({ items }) => [
  items.length > 0 ? [...items] : [{ json: { headers: {}, params: {}, query: {}, body: {} } }],
];
