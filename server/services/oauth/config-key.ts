import type { OauthConfig } from "@/prisma/generated/client";
import { catalogTool } from "@/server/catalog";
import type { Db } from "@/server/db";
import type { Endpoints } from "@/server/oauth/endpoints";
import { isProvider } from "@/server/oauth/providers";
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
    const wanted = auth?.provider ?? definition.key;
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

/** The configuration that serves a subject: its own, or that of its provider. */
export async function configFor(tx: Db, organizationId: string, subject: ConfigSubject): Promise<OauthConfig | null> {
  const keys = [...new Set([subject.key, subject.tool?.key ?? subject.key, subject.provider])];
  const rows = await tx.oauthConfig.findMany({ where: { organizationId, key: { in: keys } } });
  for (const key of keys) {
    const row = rows.find((each) => each.key === key);
    if (row) return row;
  }
  return null;
}
