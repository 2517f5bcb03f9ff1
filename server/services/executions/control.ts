import type { z } from "zod";
import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import { db } from "@/server/db";
import type { ExecutionEngine } from "@/server/execution/engine";
import { getEngine } from "@/server/execution/get-engine";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { findHead } from "./read";
import { executionIdSchema } from "./snapshot";

interface Call {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}

type Command = "cancel" | "pause" | "continue";

const COMMANDS: Record<Command, { ask: (engine: ExecutionEngine, id: string) => Promise<boolean>; refusal: (status: string) => string }> = {
  cancel: {
    ask: (engine, id) => engine.cancel(id),
    refusal: (status) => `The execution has already ended (${status}); there is nothing to cancel.`,
  },
  pause: {
    ask: (engine, id) => engine.pause(id),
    refusal: (status) => `The execution has already ended (${status}); there is nothing to pause.`,
  },
  continue: {
    ask: (engine, id) => engine.resume(id),
    refusal: (status) => `The execution is not paused (${status}); there is nothing to resume.`,
  },
};

/** Asks the engine for something about an execution of the caller's organization. @throws ServiceError `conflict` when it refuses. */
async function control(command: Command, { ctx, input }: Call): Promise<{ id: string; status: ExecutionStatus }> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(executionIdSchema, input);
  const before = await findHead(caller.organizationId, id);
  const { ask, refusal } = COMMANDS[command];
  const isTaken = !isTerminal(before.status) && (await ask(await getEngine(), id));
  const { status } = await findHead(caller.organizationId, id);
  if (!isTaken) throw new ServiceError("conflict", refusal(status));
  await recordAudit(db(), caller, { action: `execution.${command}`, target: `execution:${id}` });
  return { id, status };
}

/**
 * Asks an execution to stop: no new attempt starts, a running one is told to give up.
 * @throws ServiceError `conflict` when it has ended already.
 */
export async function cancelExecution(call: Call): Promise<{ id: string; cancelled: true }> {
  const { id } = await control("cancel", call);
  return { id, cancelled: true };
}

/**
 * Asks an execution to pause: steps under way end and are recorded, no other one starts. It is `paused` once that is so.
 * @throws ServiceError `conflict` when it has ended already.
 */
export const pauseExecution = (call: Call): Promise<{ id: string; status: ExecutionStatus }> => control("pause", call);

/**
 * Lets a paused execution go on, and takes a pause back that has not come about yet.
 * @throws ServiceError `conflict` when it is neither paused nor about to be.
 */
export const continueExecution = (call: Call): Promise<{ id: string; status: ExecutionStatus }> => control("continue", call);
