import { z } from "zod";
import type { StepOutput } from "@/flow/interpreter/host";
import type { Json, JsonObject } from "@/flow/item";
import { jsonObjectSchema } from "@/flow/json-schema";
import { db } from "@/server/db";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { listExecutions, type listExecutionsSchema } from "./list";
import { jsonColumn } from "./read";
import type { ExecutionSummary } from "./types";

const ofFlowSchema = z.object({ flowId: idSchema });

/** An execution in the list of its flow. */
export interface ListedExecution extends Omit<ExecutionSummary, "id" | "queuedAt"> {
  executionId: string;
  /** Who started it; null for triggers and API keys. */
  userId: string | null;
  userEmail: string | null;
  /** Variables that it was started with. */
  inputs: JsonObject;
  /** `json` of the last node's items; null until it has succeeded, and where it is too large for a list: ask for the execution. */
  outputs: Json[] | null;
  /** ISO 8601. */
  createdAt: string;
}

/** Executions of one flow, newest first; a deleted flow's as long as they are kept. */
export async function listFlowExecutions({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof listExecutionsSchema> & { flowId: string };
}): Promise<{ executions: ListedExecution[]; nextCursor: string | null }> {
  const { organizationId } = authorize(ctx, "viewer");
  const { flowId } = parse(ofFlowSchema, { flowId: input.flowId });
  if (!(await db().flow.findFirst({ where: { id: flowId, organizationId }, select: { id: true } }))) throw notFound("Flow");
  const { executions, nextCursor } = await listExecutions({ ctx, input });
  const details = await detailsOf(executions.map(({ id }) => id));
  return {
    executions: executions.map(({ id, queuedAt, ...execution }) => ({
      executionId: id,
      ...execution,
      ...(details.get(id) ?? { userId: null, userEmail: null, inputs: {}, outputs: null }),
      createdAt: queuedAt,
    })),
    nextCursor,
  };
}

/** Longest output, in characters of JSON, that a list carries. */
const LISTED_OUTPUT = 16_384;

type Details = Pick<ListedExecution, "userId" | "userEmail" | "inputs" | "outputs">;

/** What a page's executions were given and what came of them, in one statement. */
async function detailsOf(ids: readonly string[]): Promise<Map<string, Details>> {
  const { rows } = await sql().query<{
    id: string;
    userId: string | null;
    userEmail: string | null;
    variables: string | null;
    output: string | null;
  }>(
    `select e.id, e.created_by_id as "userId", u.email as "userEmail", e.variables, s.output
     from execution e left join "user" u on u.id = e.created_by_id
       left join lateral (
         select output from execution_step where execution_id = e.id and key = e.last_key and status = 'succeeded'
           and length(output) <= ${LISTED_OUTPUT} order by seq desc limit 1) s on e.status = 'succeeded'
     where e.id = any($1)`,
    [ids],
  );
  return new Map(
    rows.map(({ id, userId, userEmail, variables, output }) => [
      id,
      { userId, userEmail, inputs: jsonColumn(jsonObjectSchema, variables) ?? {}, outputs: lastItems(output) },
    ]),
  );
}

/** A step that ended a wait has what came then, and is read where the execution is. */
function lastItems(output: string | null): Json[] | null {
  if (output === null) return null;
  const { outputs } = JSON.parse(output) as Partial<StepOutput>;
  return outputs?.[0]?.map(({ json }) => json) ?? null;
}
