import type { NodeExecutor } from "@/flow/node/context";

/** Nothing leads to a note: this is never reached. */
export const execute: NodeExecutor = () => [];
