import { z } from "zod";
import { isForeignFlow } from "@/flow/n8n/read-flow";
import { getEngine } from "../execution/get-engine";
import { executeFlow, type executeFlowSchema } from "../services/executions/start";
import { createFlow, type createFlowSchema } from "../services/flows/create";
import { deleteFlow } from "../services/flows/delete";
import { getFlow } from "../services/flows/get";
import { importFlow, readExport } from "../services/flows/import";
import { listFlows } from "../services/flows/list";
import { replaceFlow, type replaceFlowSchema } from "../services/flows/replace";
import { parse } from "../services/parse";
import { outcomeOf } from "../triggers/webhook";
import { withConfig } from "./flow-config";
import { fieldsOf, isOn, numberOf, type RestAnswer, type RestCall, type RestRoute } from "./route";

/** Fields that callers know of; the service checks them. */
type Given<S extends z.ZodType> = z.input<S>;

const executeOptionsSchema = z.object({ useDurable: z.boolean().default(true) });

/** Starts an execution; with `useDurable: false` waits for its end. It is recorded and durable either way. */
async function execute({ ctx, params, body, headers, signal }: RestCall): Promise<RestAnswer> {
  const { variables, items, triggerNodeId } = fieldsOf(body) as Given<typeof executeFlowSchema>;
  const { useDurable } = parse(executeOptionsSchema, fieldsOf(body));
  const idempotencyKey = headers.get("idempotency-key") ?? undefined;
  const flowId = params.id ?? "";
  const { executionId, duplicate } = await executeFlow({ ctx, input: { flowId, variables, items, triggerNodeId, idempotencyKey } });
  const started = { executionId, flowId, duplicate };
  if (useDurable) return { status: 202, body: { ...started, status: "queued" } };
  const outcome = await outcomeOf(await getEngine(), executionId, "end", signal);
  if (!outcome) return { status: 202, body: { ...started, status: "running" } };
  const { status, error, lastItems } = outcome;
  return { body: { ...started, status, error, output: lastItems?.map((item) => item.json) ?? null } };
}

export const flowRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/flows",
    async handle({ ctx, query }) {
      const input = { search: query.get("search") ?? undefined, cursor: query.get("cursor"), limit: numberOf(query, "limit") };
      return { body: await listFlows({ ctx, input }) };
    },
  },
  {
    method: "POST",
    path: "/flows",
    async handle({ ctx, query, body }) {
      if (isForeignFlow(body))
        return { status: 201, body: await importFlow({ ctx, input: { content: body, publish: isOn(query, "publish") } }) };
      const { name, description, graph } = fieldsOf(body) as Given<typeof createFlowSchema>;
      // An empty flow is something that a person draws in; a program that sends no graph has forgotten it.
      parse(z.object({ graph: z.looseObject({}) }), { graph });
      const input = { name, description, graph: withConfig(graph, body), publish: isOn(query, "publish") };
      return { status: 201, body: await createFlow({ ctx, input }) };
    },
  },
  {
    method: "GET",
    path: "/flows/:id",
    handle: async ({ ctx, params }) => ({ body: await getFlow({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "PUT",
    path: "/flows/:id",
    async handle({ ctx, params, query, body }) {
      const target = { id: params.id ?? "", publish: isOn(query, "publish") };
      if (isForeignFlow(body)) {
        const { flow, report } = readExport(body, { keeps: false });
        return { body: { ...(await replaceFlow({ ctx, input: { ...target, name: flow.name, graph: flow.graph } })), report } };
      }
      const { name, description, graph, revision } = fieldsOf(body) as Given<typeof replaceFlowSchema>;
      return { body: await replaceFlow({ ctx, input: { ...target, name, description, graph: withConfig(graph, body), revision } }) };
    },
  },
  {
    method: "DELETE",
    path: "/flows/:id",
    handle: async ({ ctx, params }) => ({ body: await deleteFlow({ ctx, input: { id: params.id ?? "" } }) }),
  },
  { method: "POST", path: "/flows/:id/execute", handle: execute },
];
