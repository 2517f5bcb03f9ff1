import { z } from "zod";
import { graphSchema } from "@/flow/graph/schema";
import type { GraphIssue } from "@/flow/graph/validate";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { checkGraph } from "./check-graph";

export const validateFlowSchema = z.object({ graph: graphSchema });

/** What is wrong with a graph, without saving it. */
export async function validateFlow({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof validateFlowSchema>;
}): Promise<{ issues: GraphIssue[] }> {
  authorize(ctx, "viewer");
  const { graph } = parse(validateFlowSchema, input);
  return { issues: checkGraph(graph) };
}
