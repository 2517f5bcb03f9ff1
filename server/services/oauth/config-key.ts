import { isBoundTo } from "@/flow/credentials/hosts";
import type { OauthConfig } from "@/prisma/generated/client";
import { catalogTool } from "@/server/catalog";
import type { Db } from "@/server/db";
import type { Endpoints } from "@/server/oauth/endpoints";
import { endpointsSchema } from "@/server/oauth/endpoints";
import { isProvider, OAUTH_PROVIDERS } from "@/server/oauth/providers";
import { hostsOfTool } from "../credentials/tool";
import { notFound } from "../errors";
import { toToolDefinition } from "../tools/types";

/** What an OAuth configuration is for: a tool, or a provider by itself. */
export interface ConfigSubject {
  /** Key of its configuration. */
  key: string;
  /** Key of the provider whose ways it follows. */
  provider: string;
  /** Endpoints that the tool names itself. */
  endpoints: Endpoints;
  tool: { id: string | null; key: string; name: string; hosts: string[]; scopes: string[] } | null;
}

/**
 * What a caller means: the id or key of a tool of the organization, the key of one of the catalog's, or a provider.
 * @throws ServiceError `not_found`
 */
export async function configSubject(tx: Db, organizationId: string, named: string): Promise<ConfigSubject> {
  const row = await tx.tool.findFirst({ where: { organizationId, OR: [{ id: named }, { key: named }] } });
  const definition = row ? toToolDefinition(row) : await catalogTool(named);
  if (definition) {
    const auth = definition.auth.type === "oauth2" ? definition.auth : null;
    const wanted = auth?.provider ?? (isProvider(definition.key) ? definition.key : providerAt(definition.baseUrl));
    return {
      key: row?.id ?? definition.key,
      provider: isProvider(wanted) ? wanted : "oauth2",
      endpoints: {
        ...(auth?.authorizationUrl && { authorizationEndpoint: auth.authorizationUrl }),
        ...(auth?.tokenUrl && { tokenEndpoint: auth.tokenUrl }),
      },
      tool: {
        id: row?.id ?? null,
        key: definition.key,
        name: definition.name,
        hosts: hostsOfTool(definition, {}),
        scopes: auth?.scopes ?? [],
      },
    };
  }
  if (isProvider(named)) return { key: named, provider: named, endpoints: {}, tool: null };
  // A generic provider goes by the key that its configuration was given.
  const config = await tx.oauthConfig.findUnique({ where: { organizationId_key: { organizationId, key: named } } });
  if (config) return { key: named, provider: config.provider, endpoints: {}, tool: null };
  throw notFound("OAuth provider or tool");
}

/** The known provider of an API at this address: a tool that somebody registered need not name it. */
function providerAt(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  return Object.values(OAUTH_PROVIDERS).find(({ hosts }) => url && isBoundTo(hosts, url))?.key ?? "oauth2";
}

/**
 * The configuration that serves a subject: its own, that of its provider, or the first one that was made for a tool of the same
 * provider and says nothing of where the provider is.
 */
export async function configFor(tx: Db, organizationId: string, subject: ConfigSubject): Promise<OauthConfig | null> {
  const keys = [...new Set([subject.key, subject.tool?.key ?? subject.key, subject.provider])];
  const rows = await tx.oauthConfig.findMany({ where: { organizationId, key: { in: keys } } });
  for (const key of keys) {
    const row = rows.find((each) => each.key === key);
    if (row) return row;
  }
  if (subject.provider === "oauth2") return null;
  const others = await tx.oauthConfig.findMany({ where: { organizationId, provider: subject.provider }, orderBy: { createdAt: "asc" } });
  return others.find(({ endpoints }) => isUsual(endpoints)) ?? null;
}

/** Whether a configuration is of the provider itself, not of a server that speaks like it. */
function isUsual(endpoints: unknown): boolean {
  const said = endpointsSchema.safeParse(endpoints);
  return said.success && !said.data.issuer && !said.data.authorizationEndpoint && !said.data.tokenEndpoint && !said.data.hosts;
}
