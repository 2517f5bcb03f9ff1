import type { NodeExecutor } from "@/flow/node/context";

/** Passes on what the run was started with, one empty item when it was nothing. */
export const execute: NodeExecutor = ({ items }) => [items.length > 0 ? [...items] : [{ json: {} }]];
