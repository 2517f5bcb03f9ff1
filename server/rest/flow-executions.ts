import type { z } from "zod";
import { cancelExecution } from "../services/executions/control";
import { flowMetrics } from "../services/executions/flow-metrics";
import type { listExecutionsSchema } from "../services/executions/list";
import { listFlowExecutions } from "../services/executions/list-of-flow";
import { flowExecution } from "../services/executions/of-flow";
import { retryExecution } from "../services/executions/retry";
import { answerLogs } from "./execution-logs";
import { listOf, numberOf, type RestCall, type RestRoute } from "./route";

type Filter = z.input<typeof listExecutionsSchema>;

/** The execution that the path names, which must be one of the flow that it names. */
const named = ({ ctx, params }: RestCall) => flowExecution({ ctx, input: { flowId: params.id ?? "", id: params.executionId ?? "" } });

/** Executions and figures of one flow. */
export const flowExecutionRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/flows/:id/executions",
    async handle({ ctx, params, query }) {
      const input = {
        flowId: params.id ?? "",
        status: listOf(query, "status") as Filter["status"],
        mode: listOf(query, "mode") as Filter["mode"],
        from: query.get("from") ?? undefined,
        to: query.get("to") ?? undefined,
        cursor: query.get("cursor"),
        limit: numberOf(query, "limit"),
        offset: numberOf(query, "offset"),
      };
      return { body: await listFlowExecutions({ ctx, input }) };
    },
  },
  { method: "GET", path: "/flows/:id/executions/:executionId", handle: async (call) => ({ body: await named(call) }) },
  {
    method: "GET",
    path: "/flows/:id/executions/:executionId/logs",
    async handle(call) {
      await named(call);
      return answerLogs(call);
    },
  },
  {
    method: "POST",
    path: "/flows/:id/executions/:executionId/cancel",
    async handle(call) {
      const { executionId, flowId } = await named(call);
      await cancelExecution({ ctx: call.ctx, input: { id: executionId } });
      return { body: { executionId, flowId, cancelled: true } };
    },
  },
  {
    method: "POST",
    path: "/flows/:id/executions/:executionId/retry",
    async handle(call) {
      const { executionId, flowId } = await named(call);
      const input = { id: executionId, idempotencyKey: call.headers.get("idempotency-key") ?? undefined };
      const started = await retryExecution({ ctx: call.ctx, input });
      return { status: 202, body: { ...started, flowId, retryOfId: executionId, status: "queued" } };
    },
  },
  {
    method: "GET",
    path: "/flows/:id/metrics",
    async handle({ ctx, params, query }) {
      const input = { flowId: params.id ?? "", from: query.get("from") ?? undefined, to: query.get("to") ?? undefined };
      return { body: await flowMetrics({ ctx, input }) };
    },
  },
];
