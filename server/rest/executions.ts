import type { z } from "zod";
import { cancelExecution } from "../services/executions/control";
import { getExecution } from "../services/executions/get";
import { listExecutions, type listExecutionsSchema } from "../services/executions/list";
import { resumeExecution, type resumeExecutionSchema } from "../services/executions/resume";
import { retryExecution } from "../services/executions/retry";
import { stepDetail } from "../services/executions/step-detail";
import { fieldsOf, listOf, numberOf, type RestRoute } from "./route";

type Filter = z.input<typeof listExecutionsSchema>;
type Decision = z.input<typeof resumeExecutionSchema>;

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
    path: "/executions/:id/retry",
    async handle({ ctx, params, headers }) {
      const input = { id: params.id ?? "", idempotencyKey: headers.get("idempotency-key") ?? undefined };
      const started = await retryExecution({ ctx, input });
      return { status: 202, body: { ...started, retryOfId: params.id, status: "queued" } };
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
