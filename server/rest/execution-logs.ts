import type { z } from "zod";
import { executionLogs, type executionLogsSchema } from "../services/executions/logs";
import { executionStatistics } from "../services/executions/statistics";
import { stepEntries } from "../services/executions/step-entries";
import { listOf, numberOf, type RestAnswer, type RestCall, type RestRoute } from "./route";

type Filter = z.input<typeof executionLogsSchema>;

/** What the steps of the execution that the path names logged: `?level=warn,error&stepKey=&limit=&cursor=`. */
export async function answerLogs({ ctx, params, query }: Pick<RestCall, "ctx" | "params" | "query">): Promise<RestAnswer> {
  const input: Filter = {
    id: params.executionId ?? "",
    level: listOf(query, "level") as Filter["level"],
    stepKey: query.get("stepKey") ?? undefined,
    cursor: query.get("cursor"),
    limit: numberOf(query, "limit"),
  };
  return { body: await executionLogs({ ctx, input }) };
}

/** What executions did, in words and in figures. The first route that fits answers: `stats` is no execution's id. */
export const executionLogRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/execution-logs/stats",
    async handle({ ctx, query }) {
      const input = { flowId: query.get("flowId") ?? undefined, from: query.get("from") ?? undefined, to: query.get("to") ?? undefined };
      return { body: await executionStatistics({ ctx, input }) };
    },
  },
  { method: "GET", path: "/execution-logs/:executionId", handle: answerLogs },
  {
    method: "GET",
    path: "/execution-logs/:id/execution/:executionId",
    handle: async ({ ctx, params }) => ({
      body: await stepEntries({ ctx, input: { flowId: params.id ?? "", id: params.executionId ?? "" } }),
    }),
  },
];
