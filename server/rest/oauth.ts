import type { z } from "zod";
import { parseCookies } from "../auth/cookies";
import { bindingCookie, bindingOf, clearedBindingCookie, newBrowserBinding } from "../oauth/browser-binding";
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
      const browser = ctx.actor.kind === "member" ? newBrowserBinding() : null;
      const body = await beginOAuth({ ctx, input, browser });
      return { body, ...(browser !== null && body.state !== null && { cookies: [bindingCookie(body.state, browser)] }) };
    },
  },
  {
    /** `{"code", "state"}` as the provider sent them: `{credentialId, toolKey, orgId}`. */
    method: "POST",
    path: "/auth/oauth/callback",
    async handle({ ctx, body, headers }) {
      const input = fieldsOf(body) as z.input<typeof completeOAuthSchema>;
      const state = String(input.state);
      const browser = ctx.actor.kind === "member" ? bindingOf(parseCookies(headers.get("cookie")), state) : null;
      const answer = await completeOAuth({ ctx, input, browser });
      return { body: answer, ...(browser !== null && { cookies: [clearedBindingCookie(state)] }) };
    },
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
