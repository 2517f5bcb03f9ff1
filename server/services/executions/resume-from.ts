import { z } from "zod";
import { jsonObjectSchema } from "@/flow/json-schema";
import { db } from "@/server/db";
import type { StartedExecution } from "@/server/execution/engine";
import { getEngine } from "@/server/execution/get-engine";
import { newExecutionId, newTriggerEventId } from "@/server/execution/ids";
import { recordAudit } from "../audit/record";
import { authorize, type Caller } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { readPayloadText, storedItemsSchema } from "./payloads";
import { jsonColumn } from "./read";
import { resumptionPlanSchema } from "./resumption-plan";
import { type ResumptionCase, resumptionCase } from "./resumption-target";

export const resumeFromSchema = resumptionPlanSchema.extend({
  /** Revision of the draft that the plan was of. */
  revision: z.number().int().positive().optional(),
  /** A second call with the same key starts nothing and answers with the first one's execution. */
  idempotencyKey: idSchema.optional(),
});

/**
 * Starts an execution that goes on where an ended one stood: what is the same is taken over, the rest runs.
 * @throws ServiceError `conflict` while it is under way, or when the draft is another one than the plan was of.
 */
export async function resumeFrom({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof resumeFromSchema>;
}): Promise<StartedExecution> {
  const caller = authorize(ctx, "editor");
  const { id, target, keepWrites, revision, idempotencyKey } = parse(resumeFromSchema, input);
  const found = await resumptionCase(caller.organizationId, id, target);
  if (target === "draft" && revision !== undefined && revision !== found.flow.revision) {
    throw new ServiceError("conflict", "The draft was changed since this plan was made. Look at the plan again.");
  }
  return startResumption(caller, found, { keepWrites, dedupeKey: idempotencyKey ? `resume:${id}:${idempotencyKey}` : null });
}

/** Starts the resumption of an execution that was found fit for it. */
export async function startResumption(
  caller: Caller,
  { execution, flow, flowVersion, graph }: ResumptionCase,
  { keepWrites, dedupeKey }: { keepWrites: boolean; dedupeKey: string | null },
): Promise<StartedExecution> {
  const { id: fromId } = execution;
  const items = await readPayloadText(execution.input, execution.inputPayloadId);
  const before = await db().executionResumption.findUnique({ where: { executionId: fromId }, select: { lineage: true } });
  const executionId = newExecutionId();
  // Written first: no process may begin the execution without it. One that never comes to be leaves a row that nobody reads.
  await db().executionResumption.create({
    data: { executionId, organizationId: caller.organizationId, fromId, lineage: before?.lineage ?? fromId, keepWrites },
  });
  const engine = await getEngine();
  const forget = () => db().executionResumption.delete({ where: { executionId } });
  let started: StartedExecution;
  try {
    started = await engine.start({
      id: executionId,
      organizationId: caller.organizationId,
      flowId: flow.id,
      flowName: flow.name,
      // A version names its graph; a part of it has to be kept.
      flowVersion: graph.partial ? null : flowVersion,
      graph,
      mode: "retry",
      triggerNodeId: execution.triggerNodeId,
      items: jsonColumn(storedItemsSchema, items) ?? [{ json: {} }],
      variables: jsonColumn(jsonObjectSchema, execution.variables) ?? {},
      createdById: caller.userId,
      retryOfId: fromId,
      event: { id: newTriggerEventId(), triggerId: null, type: "retry", dedupeKey },
    });
  } catch (error) {
    // An arrival that could not be recorded; where that is not certain, the row stays.
    if (error instanceof ServiceError) await forget();
    throw error;
  }
  if (started.duplicate) await forget();
  else {
    await recordAudit(db(), caller, {
      action: "execution.resumeFrom",
      target: `execution:${fromId}`,
      data: { executionId, flowVersion, keepWrites },
    });
  }
  return started;
}
