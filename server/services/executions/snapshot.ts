import { z } from "zod";
import type { ExecutionSnapshot } from "@/flow/execution/events";
import { isTerminal } from "@/flow/execution/status";
import { liveBus } from "@/server/realtime/bus";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { awaitingFlows } from "./awaited-flows";
import { findHead, recordsAfter } from "./read";

export const executionIdSchema = z.object({ id: idSchema });
export const executionAfterSchema = executionIdSchema.extend({ seq: z.number().int().nonnegative() });

/** State of an execution and the records after `seq`: what a canvas asks for when it missed an event. */
export async function executionAfter({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionAfterSchema>;
}): Promise<ExecutionSnapshot> {
  const caller = authorize(ctx, "viewer");
  const { id, seq } = parse(executionAfterSchema, input);
  // The head first: what it already counts is then certainly among the records.
  const execution = await findHead(caller.organizationId, id);
  // Before the rows: an attempt that ends meanwhile is then among them, and the rows' word counts.
  const here = liveBus.atWork(id);
  const atWork = isTerminal(execution.status) ? here : [...(await awaitingFlows(id)), ...here];
  return { execution, steps: await recordsAfter(id, seq), atWork };
}

/** State of an execution: its head and its whole journal, without payloads. */
export const executionSnapshot = ({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<ExecutionSnapshot> => executionAfter({ ctx, input: { ...input, seq: 0 } });
