import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import type { n8nPlaceholder } from "./definition";

export const execute: NodeExecutor<z.infer<typeof n8nPlaceholder.parameters>> = ({ node, parameters }) => {
  const { original, reason } = parameters(0);
  const type = typeof original.type === "string" ? original.type : "a node of n8n";
  const why = reason.startsWith(type) ? reason.slice(type.length).trim() : reason;
  throw new FatalError(
    `"${node.name}" stands for ${type}${why === "" ? "" : `, which ${why.replace(/^which /, "")}`}. Put another node in its place, pin its output, or disable it so that items pass through`,
  );
};
