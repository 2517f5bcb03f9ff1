import type { z } from "zod";
import { beginOAuth, type beginOAuthSchema } from "../services/oauth/begin";
import { completeOAuth, type completeOAuthSchema } from "../services/oauth/complete";
import { deleteOAuthConfig, getOAuthConfig, setOAuthConfig, type setOAuthConfigSchema } from "../services/oauth/config";
import { fieldsOf, listOf, type RestRoute } from "./route";

export const oauthRoutes: RestRoute[] = [
  {
    /** Where to send a person: `{url, state}`. `?credentialId=` connects one again, `?scopes=a,b` asks for more. */
    method: "GET",
    path: "/auth/oauth/:provider/authorize",
    async handle({ ctx, params, query }) {
      const credentialId = query.get("credentialId");
      const name = query.get("name");
      const scopes = listOf(query, "scopes");
      const allowedHosts = listOf(query, "allowedHosts");
      const input: z.input<typeof beginOAuthSchema> = {
        provider: params.provider ?? "",
        ...(credentialId && { credentialId }),
        ...(name && { name }),
        ...(scopes && { scopes }),
        ...(allowedHosts && { allowedHosts }),
      };
      return { body: await beginOAuth({ ctx, input }) };
    },
  },
  {
    /** `{"code", "state"}` as the provider sent them: `{credentialId, toolKey, orgId}`. */
    method: "POST",
    path: "/auth/oauth/callback",
    handle: async ({ ctx, body }) => ({ body: await completeOAuth({ ctx, input: fieldsOf(body) as z.input<typeof completeOAuthSchema> }) }),
  },
  {
    /** `{"toolId", "type": "oauth2", "config": {"clientId", "clientSecret", "redirectUri", "scope"}}` */
    method: "POST",
    path: "/auth/config",
    handle: async ({ ctx, body }) => ({
      status: 201,
      body: await setOAuthConfig({ ctx, input: fieldsOf(body) as z.input<typeof setOAuthConfigSchema> }),
    }),
  },
  {
    method: "GET",
    path: "/auth/config/:toolId",
    handle: async ({ ctx, params }) => ({ body: await getOAuthConfig({ ctx, input: { toolId: params.toolId ?? "" } }) }),
  },
  {
    method: "DELETE",
    path: "/auth/config/:toolId",
    handle: async ({ ctx, params }) => ({ body: await deleteOAuthConfig({ ctx, input: { toolId: params.toolId ?? "" } }) }),
  },
];
