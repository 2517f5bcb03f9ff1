import type { z } from "zod";
import { createCredential, type createCredentialSchema } from "../services/credentials/create";
import { deleteCredential } from "../services/credentials/delete";
import { getCredential } from "../services/credentials/get";
import { listCredentials, type listCredentialsSchema } from "../services/credentials/list";
import { rotateCredential, type rotateCredentialSchema } from "../services/credentials/rotate";
import { shareCredential, type shareCredentialSchema } from "../services/credentials/share";
import { testCredential } from "../services/credentials/test";
import {
  deleteToolSecrets,
  getToolSecrets,
  listToolSecrets,
  setToolSecrets,
  type setToolSecretsSchema,
  unmaskToolSecrets,
} from "../services/credentials/tool-secrets";
import { unmaskCredential } from "../services/credentials/unmask";
import { updateCredential, type updateCredentialSchema } from "../services/credentials/update";
import { disconnectOAuth } from "../services/oauth/disconnect";
import { fieldsOf, isOn, listOf, type RestRoute } from "./route";

/** Header in which a person's program proves anew whose session it has. */
const PASSWORD_HEADER = "x-confirm-password";

/** Before the routes of tools: `/tools/secrets` is not a tool's id. */
export const toolSecretRoutes: RestRoute[] = [
  { method: "GET", path: "/tools/secrets", handle: async ({ ctx }) => ({ body: await listToolSecrets({ ctx }) }) },
  {
    /** `{"credentials": {"api_key": "…"}}`; answers them masked. */
    method: "POST",
    path: "/tools/:id/secrets",
    async handle({ ctx, params, body }) {
      const { credentials } = fieldsOf(body) as Partial<z.input<typeof setToolSecretsSchema>>;
      return { status: 201, body: await setToolSecrets({ ctx, input: { toolId: params.id ?? "", credentials: credentials as never } }) };
    },
  },
  {
    /** Masked; with `?unmask=true` in clear, to people who send their password along. */
    method: "GET",
    path: "/tools/:id/secrets",
    async handle({ ctx, params, query, headers }) {
      const toolId = params.id ?? "";
      if (!isOn(query, "unmask")) return { body: await getToolSecrets({ ctx, input: { toolId } }) };
      return { body: await unmaskToolSecrets({ ctx, input: { toolId, password: headers.get(PASSWORD_HEADER) ?? "" } }) };
    },
  },
  {
    method: "DELETE",
    path: "/tools/:id/secrets",
    handle: async ({ ctx, params }) => ({ body: await deleteToolSecrets({ ctx, input: { toolId: params.id ?? "" } }) }),
  },
];

export const credentialRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/credentials",
    async handle({ ctx, query }) {
      const types = listOf(query, "type");
      const toolId = query.get("toolId");
      const toolKey = query.get("toolKey");
      const input = { ...(types && { types }), ...(toolId && { toolId }), ...(toolKey && { toolKey }) };
      return { body: await listCredentials({ ctx, input: input as z.input<typeof listCredentialsSchema> }) };
    },
  },
  {
    method: "POST",
    path: "/credentials",
    handle: async ({ ctx, body }) => ({
      status: 201,
      body: await createCredential({ ctx, input: fieldsOf(body) as z.input<typeof createCredentialSchema> }),
    }),
  },
  {
    method: "GET",
    path: "/credentials/:id",
    handle: async ({ ctx, params }) => ({ body: await getCredential({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "PUT",
    path: "/credentials/:id",
    async handle({ ctx, params, body }) {
      const input = { ...fieldsOf(body), id: params.id ?? "" } as z.input<typeof updateCredentialSchema>;
      return { body: await updateCredential({ ctx, input }) };
    },
  },
  {
    method: "DELETE",
    path: "/credentials/:id",
    handle: async ({ ctx, params, query }) => ({
      body: await deleteCredential({ ctx, input: { id: params.id ?? "", force: isOn(query, "force") } }),
    }),
  },
  {
    method: "POST",
    path: "/credentials/:id/rotate",
    async handle({ ctx, params, body }) {
      const input = { ...fieldsOf(body), id: params.id ?? "" } as z.input<typeof rotateCredentialSchema>;
      return { body: await rotateCredential({ ctx, input }) };
    },
  },
  {
    method: "POST",
    path: "/credentials/:id/share",
    async handle({ ctx, params, body }) {
      const input = { ...fieldsOf(body), id: params.id ?? "" } as z.input<typeof shareCredentialSchema>;
      return { body: await shareCredential({ ctx, input }) };
    },
  },
  {
    method: "POST",
    path: "/credentials/:id/test",
    handle: async ({ ctx, params }) => ({ body: await testCredential({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    /** `{"password"}` of the person whose session it is. */
    method: "POST",
    path: "/credentials/:id/unmask",
    async handle({ ctx, params, body }) {
      const { password } = fieldsOf(body) as { password?: string };
      return { body: await unmaskCredential({ ctx, input: { id: params.id ?? "", ...(password !== undefined && { password }) } }) };
    },
  },
  {
    method: "POST",
    path: "/credentials/:id/disconnect",
    handle: async ({ ctx, params }) => ({ body: await disconnectOAuth({ ctx, input: { id: params.id ?? "" } }) }),
  },
];
