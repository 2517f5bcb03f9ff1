import type { NodeExecutor } from "@/flow/node/context";

/** Passes on the message: `sessionId`, `action` and `chatInput`. */
export const execute: NodeExecutor = ({ items }) => [
  items.length > 0 ? [...items] : [{ json: { sessionId: "", action: "sendMessage", chatInput: "" } }],
];
