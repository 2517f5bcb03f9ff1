import { z } from "zod";
import { maskSecret } from "@/flow/credentials/fields";
import type { OauthConfig } from "@/prisma/generated/client";
import { type Db, db } from "@/server/db";
import { overridden } from "@/server/oauth/client";
import { type Endpoints, endpointsSchema } from "@/server/oauth/endpoints";
import { defaultRedirectUri, sealClientSecret } from "@/server/oauth/load-client";
import { OAUTH_PROVIDERS } from "@/server/oauth/providers";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { parse, storable } from "../parse";
import { type ConfigSubject, configSubject } from "./config-key";

const subjectKey = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:-]+$/, "is not the id or key of a tool or provider");

export const setOAuthConfigSchema = storable(
  z.object({
    /** Id or key of a tool, or a provider: github, google, … A new name together with `endpoints` is any other provider. */
    toolId: subjectKey,
    type: z.literal("oauth2").default("oauth2"),
    config: z.object({
      clientId: z.string().trim().min(1, "must not be empty").max(500),
      /** Absent: as it was; null: a public client without one. */
      clientSecret: z.string().min(8, "must be at least 8 characters long").max(4096).nullish(),
      redirectUri: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .nullish(),
      /** Separated by spaces or commas. */
      scope: z.string().max(8000).optional(),
      endpoints: endpointsSchema.optional(),
    }),
  }),
);

export const oauthConfigKeySchema = z.object({ toolId: subjectKey });

/** An organization's OAuth client as it may be shown. */
export interface OAuthConfigView {
  toolId: string;
  type: "oauth2";
  provider: string;
  config: {
    clientId: string;
    /** Masked; null for a public client. */
    clientSecret: string | null;
    /** What to register at the provider. */
    redirectUri: string;
    scope: string;
    endpoints: Endpoints;
  };
  createdAt: string;
  updatedAt: string;
}

const viewOf = (row: OauthConfig): OAuthConfigView => ({
  toolId: row.key,
  type: "oauth2",
  provider: row.provider,
  config: {
    clientId: row.clientId,
    clientSecret: row.maskedSecret,
    redirectUri: row.redirectUri ?? defaultRedirectUri(),
    scope: row.scopes.join(" "),
    endpoints: endpointsSchema.catch({}).parse(row.endpoints),
  },
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/**
 * Sets by which client the organization asks a provider for access.
 * @throws ServiceError `not_found` for a tool or provider that is none; `invalid` naming the field
 */
export async function setOAuthConfig({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setOAuthConfigSchema>;
}): Promise<OAuthConfigView> {
  const caller = authorize(ctx, "admin");
  const { toolId, config } = parse(setOAuthConfigSchema, input);
  const { organizationId } = caller;
  return db().$transaction(async (tx) => {
    const subject = await subjectOf();
    const endpoints = { ...subject.endpoints, ...config.endpoints };
    assertReachable(subject.provider, endpoints);
    const { clientSecret } = config;
    await assertSecretStays(tx, { organizationId, key: subject.key }, { provider: subject.provider, endpoints }, clientSecret);
    const secret =
      clientSecret === undefined
        ? {}
        : {
            clientSecret: clientSecret === null ? null : sealClientSecret(clientSecret, organizationId, subject.key),
            maskedSecret: clientSecret === null ? null : maskSecret(clientSecret),
          };
    const values = {
      provider: subject.provider,
      clientId: config.clientId,
      redirectUri: config.redirectUri ?? null,
      scopes: (config.scope ?? "").split(/[\s,]+/).filter((scope) => scope !== ""),
      endpoints,
      ...secret,
    };
    const row = await tx.oauthConfig.upsert({
      where: { organizationId_key: { organizationId, key: subject.key } },
      update: values,
      create: { organizationId, key: subject.key, ...values },
    });
    await recordAudit(tx, caller, {
      action: "oauthConfig.set",
      target: `oauthConfig:${row.key}`,
      data: { provider: row.provider, clientId: row.clientId },
    });
    return viewOf(row);

    async function subjectOf(): Promise<ConfigSubject> {
      try {
        return await configSubject(tx, organizationId, toolId);
      } catch (error) {
        // Any provider that says where it is may be given a name here.
        const named = config.endpoints?.issuer ?? config.endpoints?.tokenEndpoint;
        if (named && error instanceof ServiceError && error.code === "not_found")
          return { key: toolId, provider: "oauth2", endpoints: {}, tool: null };
        throw error;
      }
    }
  });
}

/** Where a client's secret is sent. */
function secretGoesTo(provider: string, endpoints: unknown): string {
  const { provider: as, issuer } = overridden(provider, endpoints);
  const origins = [issuer, as.tokenEndpoint, as.revocationEndpoint].map((url) => (url && URL.canParse(url) ? new URL(url).origin : ""));
  return [...new Set(origins)].join(" ");
}

/** Otherwise whoever may set up clients could have a secret that they never saw sent to an address of their own. */
async function assertSecretStays(
  tx: Db,
  of: { organizationId: string; key: string },
  next: { provider: string; endpoints: Endpoints },
  given: string | null | undefined,
): Promise<void> {
  if (given !== undefined) return;
  const before = await tx.oauthConfig.findUnique({ where: { organizationId_key: of } });
  if (!before || before.clientSecret === null) return;
  if (secretGoesTo(before.provider, before.endpoints) === secretGoesTo(next.provider, next.endpoints)) return;
  const message = "must be entered again: it would be sent to another address than before";
  throw new ServiceError("invalid", `config.clientSecret ${message}`, {
    issues: [{ field: "config.clientSecret", message, code: "missing" }],
  });
}

function assertReachable(providerKey: string, endpoints: Endpoints): void {
  const { provider, issuer, grant } = overridden(providerKey, endpoints);
  if (issuer) return;
  const missing = [
    ...(provider.tokenEndpoint ? [] : ["tokenEndpoint"]),
    ...(provider.authorizationEndpoint || grant === "client_credentials" ? [] : ["authorizationEndpoint"]),
  ];
  if (missing.length === 0) return;
  throw new ServiceError("invalid", `config.endpoints: ${missing.join(" and ")} must be given, or an issuer that publishes them`, {
    issues: missing.map((name) => ({ field: `config.endpoints.${name}`, message: "is missing", code: "missing" })),
  });
}

/** The organization's client for a tool or provider; its secret masked. */
export async function getOAuthConfig({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof oauthConfigKeySchema>;
}): Promise<OAuthConfigView> {
  const caller = authorize(ctx, "admin");
  const { toolId } = parse(oauthConfigKeySchema, input);
  return viewOf(await findConfig(caller.organizationId, toolId));
}

/** Credentials that were connected by it work until their tokens have to be refreshed. */
export async function deleteOAuthConfig({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof oauthConfigKeySchema>;
}): Promise<{ toolId: string }> {
  const caller = authorize(ctx, "admin");
  const { toolId } = parse(oauthConfigKeySchema, input);
  const row = await findConfig(caller.organizationId, toolId);
  await db().$transaction(async (tx) => {
    const { count } = await tx.oauthConfig.deleteMany({ where: { id: row.id } });
    if (count === 0) throw notFound("OAuth configuration");
    await recordAudit(tx, caller, { action: "oauthConfig.delete", target: `oauthConfig:${row.key}`, data: { provider: row.provider } });
  });
  return { toolId: row.key };
}

async function findConfig(organizationId: string, named: string): Promise<OauthConfig> {
  const direct = await db().oauthConfig.findUnique({ where: { organizationId_key: { organizationId, key: named } } });
  if (direct) return direct;
  const tool = await db().tool.findFirst({ where: { organizationId, key: named }, select: { id: true } });
  const row = tool && (await db().oauthConfig.findUnique({ where: { organizationId_key: { organizationId, key: tool.id } } }));
  if (!row) throw notFound("OAuth configuration");
  return row;
}

/** A provider that can be connected, or could be once it has a client. */
export interface OAuthProviderView {
  key: string;
  name: string;
  configured: boolean;
  /** Connects without a person. */
  ownAccess: boolean;
  redirectUri: string;
  scopes: string[];
}

/** The providers that the product knows and those that the organization has set up. */
export async function listOAuthProviders({ ctx }: { ctx: ServiceContext }): Promise<{ providers: OAuthProviderView[] }> {
  const caller = authorize(ctx, "viewer");
  const rows = await db().oauthConfig.findMany({ where: { organizationId: caller.organizationId }, orderBy: { key: "asc" } });
  const tools = await db().tool.findMany({
    where: { organizationId: caller.organizationId, id: { in: rows.map(({ key }) => key) } },
    select: { id: true, name: true },
  });
  const known = Object.values(OAUTH_PROVIDERS).filter(({ key }) => key !== "oauth2");
  const configured = rows.map((row): OAuthProviderView => {
    const { provider, grant } = overridden(row.provider, row.endpoints);
    const name = tools.find(({ id }) => id === row.key)?.name ?? OAUTH_PROVIDERS[row.key]?.name ?? row.key;
    return {
      key: row.key,
      name,
      configured: true,
      ownAccess: grant === "client_credentials",
      redirectUri: row.redirectUri ?? defaultRedirectUri(),
      scopes: row.scopes.length > 0 ? row.scopes : provider.scopes,
    };
  });
  const rest = known
    .filter(({ key }) => !rows.some((row) => row.key === key))
    .map(({ key, name, scopes }) => ({ key, name, configured: false, ownAccess: false, redirectUri: defaultRedirectUri(), scopes }));
  return { providers: [...configured, ...rest] };
}
