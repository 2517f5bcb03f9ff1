import type { NodeExecutor } from "@/flow/node/context";

export const execute: NodeExecutor = ({ items }) => [items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
