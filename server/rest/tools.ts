import type { z } from "zod";
import { createTool, type createToolSchema } from "../services/tools/create";
import { deleteTool } from "../services/tools/delete";
import { getTool } from "../services/tools/get";
import { importTool, type importToolSchema } from "../services/tools/import";
import { listTools } from "../services/tools/list";
import { updateTool, type updateToolSchema } from "../services/tools/update";
import { toolUsage } from "../services/tools/usage";
import { fieldsOf, type RestRoute } from "./route";

/** `authType` alone says as much as most tools need. */
const BY_NAME: Record<string, object> = {
  none: { type: "none" },
  apikey: { type: "apiKey" },
  api_key: { type: "apiKey" },
  "api-key": { type: "apiKey" },
  basic: { type: "basic" },
  bearer: { type: "bearer" },
  token: { type: "bearer" },
  oauth2: { type: "oauth2" },
  oauth: { type: "oauth2" },
};

function toolFields(body: unknown): Record<string, unknown> {
  const { authType, auth, name, key, description, baseUrl, icon, allowedHosts } = fieldsOf(body);
  // A name that stands for none is the service's to refuse.
  const named = typeof authType === "string" ? (BY_NAME[authType.toLowerCase()] ?? { type: authType }) : undefined;
  return { name, key, description, baseUrl, icon, allowedHosts, auth: auth ?? named };
}

/** APIs that the organization has registered. */
export const toolRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/tools",
    handle: async ({ ctx, query }) => ({ body: await listTools({ ctx, input: { search: query.get("search") ?? undefined } }) }),
  },
  {
    method: "POST",
    path: "/tools",
    handle: async ({ ctx, body }) => ({
      status: 201,
      body: await createTool({ ctx, input: toolFields(body) as z.input<typeof createToolSchema> }),
    }),
  },
  {
    method: "POST",
    path: "/tools/import",
    async handle({ ctx, body }) {
      const { content, document, url, name, baseUrl, auth, preview, toolId, removeMissing } = fieldsOf(body);
      // A document may be sent as it is, or as text.
      const text = content ?? (document === undefined ? undefined : JSON.stringify(document));
      const input = { content: text, url, name, baseUrl, auth, preview, toolId, removeMissing } as z.input<typeof importToolSchema>;
      const answer = await importTool({ ctx, input });
      return { status: answer.tool ? 201 : 200, body: answer };
    },
  },
  {
    method: "GET",
    path: "/tools/:id",
    handle: async ({ ctx, params }) => ({ body: await getTool({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "GET",
    path: "/tools/:id/usage",
    handle: async ({ ctx, params, query }) => {
      const actionId = query.get("actionId") ?? undefined;
      return { body: await toolUsage({ ctx, input: { id: params.id ?? "", ...(actionId !== undefined && { actionId }) } }) };
    },
  },
  {
    method: "PUT",
    path: "/tools/:id",
    handle: async ({ ctx, params, body }) => {
      const input = { ...toolFields(body), id: params.id ?? "" } as z.input<typeof updateToolSchema>;
      return { body: await updateTool({ ctx, input }) };
    },
  },
  {
    method: "DELETE",
    path: "/tools/:id",
    handle: async ({ ctx, params }) => ({ body: await deleteTool({ ctx, input: { id: params.id ?? "" } }) }),
  },
];
