import { z } from "zod";
import { db } from "@/server/db";
import { sql } from "@/server/sql";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { startResumption } from "./resume-from";
import { countSteps, type PlannedSteps, planOf, resumptionPlanSchema } from "./resumption-plan";
import { resumptionCase } from "./resumption-target";

/** Executions whose plans make up the summary. */
const PLANNED = 20;

export const sameErrorSchema = resumptionPlanSchema;
export const resumeSameErrorSchema = resumptionPlanSchema.extend({
  /** How many are resumed in this call, the oldest first; call again until nothing remains. */
  limit: z.number().int().min(1).max(50).default(20),
  /** The one after which this call goes on: those before it could not be resumed, or were. */
  after: idSchema.optional(),
});

export interface SameError {
  id: string;
  flowId: string;
  /** Executions that failed alike and were not resumed since; at most 10,000 are counted. */
  count: number;
  /** How many plans the steps are of: the oldest, at most 20. */
  planned: number;
  steps: PlannedSteps;
  /** Why some of those cannot be resumed, each reason once. */
  problems: string[];
}

/** An execution that failed, and what its error is told by. @throws ServiceError `conflict` when it has none. */
export async function failureOf(organizationId: string, id: string): Promise<{ flowId: string; fingerprint: string }> {
  const { rows } = await sql().query<{ flow_id: string; status: string; fingerprint: string | null }>(
    "select flow_id, status, error_fingerprint(error) as fingerprint from execution where id = $1 and organization_id = $2",
    [id, organizationId],
  );
  const [row] = rows;
  if (!row) throw notFound("Execution");
  if ((row.status !== "failed" && row.status !== "timed_out") || row.fingerprint === null) {
    throw new ServiceError("conflict", "This execution did not fail; there is no error to look for.");
  }
  return { flowId: row.flow_id, fingerprint: row.fingerprint };
}

/** Failed alike, oldest first, and not resumed since. A resumption that failed as well is one of them. */
async function alike(failure: { flowId: string; fingerprint: string }, after: string | undefined, limit: number): Promise<string[]> {
  const { rows } = await sql().query<{ id: string }>(
    `select x.id from execution x
     where x.flow_id = $1 and error_fingerprint(x.error) = $2 and x.status in ('failed', 'timed_out') and ($3::text is null or x.id > $3)
       and not exists (
         select 1 from execution_resumption r join execution e on e.id = r.execution_id
         where r.from_id = x.id)
     order by x.created_at, x.id limit $4`,
    [failure.flowId, failure.fingerprint, after ?? null, limit],
  );
  return rows.map(({ id }) => id);
}

const message = (error: unknown): string => (error instanceof ServiceError ? error.message : "It could not be read");

/** The executions that failed as this one did, and what resuming them would do. */
export async function sameError({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof sameErrorSchema> }): Promise<SameError> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id, target, keepWrites } = parse(sameErrorSchema, input);
  const failure = await failureOf(organizationId, id);
  const ids = await alike(failure, undefined, 10_000);
  const steps: PlannedSteps = { reuse: 0, keep: 0, maybe: 0, run: 0, repeatedWrites: 0, unclearWrites: 0 };
  const problems = new Set<string>();
  for (const each of ids.slice(0, PLANNED)) {
    try {
      const counts = countSteps(planOf(await resumptionCase(organizationId, each, target), keepWrites).visits);
      for (const key of Object.keys(steps) as (keyof PlannedSteps)[]) steps[key] += counts[key];
    } catch (error) {
      problems.add(message(error));
    }
  }
  return { id, flowId: failure.flowId, count: ids.length, planned: Math.min(ids.length, PLANNED), steps, problems: [...problems] };
}

export interface ResumedBatch {
  resumed: { id: string; executionId: string }[];
  refused: { id: string; message: string }[];
  /** To go on with; null when there is nothing left. */
  next: string | null;
}

/** Resumes executions that failed as this one did, a batch at a time. Each is resumed once, however often this is called. */
export async function resumeSameError({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof resumeSameErrorSchema>;
}): Promise<ResumedBatch> {
  const caller = authorize(ctx, "editor");
  const { id, target, keepWrites, limit, after } = parse(resumeSameErrorSchema, input);
  const failure = await failureOf(caller.organizationId, id);
  const ids = await alike(failure, after, limit + 1);
  const batch = ids.slice(0, limit);
  const resumed: ResumedBatch["resumed"] = [];
  const refused: ResumedBatch["refused"] = [];
  for (const each of batch) {
    try {
      const found = await resumptionCase(caller.organizationId, each, target);
      const started = await startResumption(caller, found, { keepWrites, dedupeKey: `resume:${each}:${found.flow.revision}:${target}` });
      resumed.push({ id: each, executionId: started.executionId });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === "unavailable") throw error;
      refused.push({ id: each, message: error.message });
    }
  }
  await recordAudit(db(), caller, {
    action: "execution.resumeSameError",
    target: `execution:${id}`,
    data: { resumed: resumed.length, refused: refused.length },
  });
  return { resumed, refused, next: ids.length > limit ? (batch.at(-1) ?? null) : null };
}
