import type { z } from "zod";
import { cancelExecution, continueExecution, pauseExecution } from "../services/executions/control";
import { decide, type decideSchema, pendingDecisions } from "../services/executions/decisions";
import { getExecution } from "../services/executions/get";
import { linkedExecutions } from "../services/executions/links";
import { listExecutions, type listExecutionsSchema } from "../services/executions/list";
import { resumeExecution, type resumeExecutionSchema } from "../services/executions/resume";
import { resumeFrom } from "../services/executions/resume-from";
import { resumptionPlan, type resumptionPlanSchema } from "../services/executions/resumption-plan";
import type { ResumptionTarget } from "../services/executions/resumption-target";
import { retryExecution } from "../services/executions/retry";
import { resumeSameError, sameError } from "../services/executions/same-error";
import { stepDetail } from "../services/executions/step-detail";
import { fieldsOf, listOf, numberOf, type RestCall, type RestRoute } from "./route";

type Filter = z.input<typeof listExecutionsSchema>;
type Decision = z.input<typeof resumeExecutionSchema>;

type Fields = Record<string, unknown>;

/** Fields of a plan, from a query or a body: there numbers and switches are texts. */
function resumption({ params }: Pick<RestCall, "params">, { target, keepWrites }: Fields): z.input<typeof resumptionPlanSchema> {
  return {
    id: params.id ?? "",
    target: (typeof target === "string" && /^\d+$/.test(target) ? Number(target) : target) as ResumptionTarget | undefined,
    keepWrites: (keepWrites === "true" ? true : keepWrites === "false" ? false : keepWrites) as boolean | undefined,
  };
}

export const executionRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/executions",
    async handle({ ctx, query }) {
      const input: Filter = {
        flowId: query.get("flowId") ?? undefined,
        status: listOf(query, "status") as Filter["status"],
        mode: listOf(query, "mode") as Filter["mode"],
        from: query.get("from") ?? undefined,
        to: query.get("to") ?? undefined,
        search: query.get("search") ?? undefined,
        errorLike: query.get("errorLike") ?? undefined,
        needsDecision: query.get("needsDecision") === "true" || undefined,
        cursor: query.get("cursor"),
        limit: numberOf(query, "limit"),
        offset: numberOf(query, "offset"),
      };
      return { body: await listExecutions({ ctx, input }) };
    },
  },
  {
    method: "GET",
    path: "/executions/:id",
    handle: async ({ ctx, params }) => ({ body: await getExecution({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    /** What started it, and what its steps started. */
    method: "GET",
    path: "/executions/:id/links",
    handle: async ({ ctx, params }) => ({ body: await linkedExecutions({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    /** The key is that of a step of the execution: `nodeId#runIndex`, percent-encoded. */
    method: "GET",
    path: "/executions/:id/steps/:key",
    async handle({ ctx, params, query }) {
      const input = {
        id: params.id ?? "",
        key: params.key ?? "",
        attempt: numberOf(query, "attempt"),
        offset: numberOf(query, "offset"),
        limit: numberOf(query, "limit"),
      };
      return { body: await stepDetail({ ctx, input }) };
    },
  },
  {
    method: "POST",
    path: "/executions/:id/cancel",
    handle: async ({ ctx, params }) => ({ body: await cancelExecution({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "POST",
    path: "/executions/:id/pause",
    handle: async ({ ctx, params }) => ({ body: await pauseExecution({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    /** After a pause; `/resume` answers a step that waits. */
    method: "POST",
    path: "/executions/:id/resume-run",
    handle: async ({ ctx, params }) => ({ body: await continueExecution({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "POST",
    path: "/executions/:id/retry",
    async handle({ ctx, params, headers }) {
      const input = { id: params.id ?? "", idempotencyKey: headers.get("idempotency-key") ?? undefined };
      const started = await retryExecution({ ctx, input });
      return { status: 202, body: { ...started, retryOfId: params.id, status: "queued" } };
    },
  },
  {
    /** Writes whose end nobody saw. */
    method: "GET",
    path: "/executions/:id/decisions",
    handle: async ({ ctx, params }) => ({ body: { decisions: await pendingDecisions({ ctx, input: { id: params.id ?? "" } }) } }),
  },
  {
    /** Says what became of one: `{"key", "decision": "done" | "again" | "failed", "items"}`. */
    method: "POST",
    path: "/executions/:id/decisions",
    async handle({ ctx, params, body }) {
      const { key, decision, items } = fieldsOf(body) as Partial<z.input<typeof decideSchema>>;
      return { body: await decide({ ctx, input: { id: params.id ?? "", key, decision, items } as z.input<typeof decideSchema> }) };
    },
  },
  {
    /** What resuming would take over: `?target=draft|same|<version>&keepWrites=false`. */
    method: "GET",
    path: "/executions/:id/resumption",
    handle: async (call) => ({ body: await resumptionPlan({ ctx: call.ctx, input: resumption(call, Object.fromEntries(call.query)) }) }),
  },
  {
    /** Goes on where the execution stood: `{"target", "keepWrites", "revision"}`, each optional. */
    method: "POST",
    path: "/executions/:id/resumption",
    async handle(call) {
      const fields = fieldsOf(call.body) as Fields;
      const input = {
        ...resumption(call, fields),
        revision: fields.revision as number | undefined,
        idempotencyKey: call.headers.get("idempotency-key") ?? undefined,
      };
      const started = await resumeFrom({ ctx: call.ctx, input });
      return { status: 202, body: { ...started, retryOfId: call.params.id, status: "queued" } };
    },
  },
  {
    /** Executions that failed alike, and what resuming them would do. */
    method: "GET",
    path: "/executions/:id/same-error",
    handle: async (call) => ({ body: await sameError({ ctx: call.ctx, input: resumption(call, Object.fromEntries(call.query)) }) }),
  },
  {
    /** Resumes a batch of them: `{"target", "keepWrites", "limit", "after"}`; `after` is the last answer's `next`. */
    method: "POST",
    path: "/executions/:id/same-error/resumption",
    async handle(call) {
      const fields = fieldsOf(call.body) as Fields;
      const input = {
        ...resumption(call, fields),
        limit: fields.limit as number | undefined,
        after: fields.after as string | undefined,
      };
      return { status: 202, body: await resumeSameError({ ctx: call.ctx, input }) };
    },
  },
  {
    /** Decides on a step that waits for an approval: `{"key", "approved", "comment"}`. */
    method: "POST",
    path: "/executions/:id/resume",
    async handle({ ctx, params, body }) {
      const { key, approved, comment } = fieldsOf(body) as Partial<Decision>;
      const input = { id: params.id ?? "", key, approved, comment } as Decision;
      return { body: await resumeExecution({ ctx, input }) };
    },
  },
];
