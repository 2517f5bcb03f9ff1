import { hostOf } from "@/flow/credentials/hosts";
import type { Placement } from "@/flow/credentials/settings";
import type { CredentialType } from "@/flow/credentials/types";
import { ownScheme } from "@/flow/tools/build-request";
import type { ToolAuth, ToolDefinition } from "@/flow/tools/schema";
import { catalogTool } from "@/server/catalog";
import type { Db } from "@/server/db";
import type { SecretFields } from "@/server/secrets/secret-store";
import { notFound } from "../errors";
import { findTool } from "../tools/find";
import { toToolDefinition } from "../tools/types";

/** A tool that a credential is for: one of the organization's, or of the catalog. */
export interface CredentialTool {
  /** Null for the catalog's. */
  id: string | null;
  definition: ToolDefinition;
}

/** @throws ServiceError `not_found` for a tool that is neither the organization's nor the catalog's */
export async function credentialTool(
  tx: Db,
  organizationId: string,
  named: { toolId?: string | null | undefined; toolKey?: string | null | undefined },
): Promise<CredentialTool | null> {
  if (named.toolId) {
    const row = await findTool(tx, organizationId, named.toolId);
    return { id: row.id, definition: toToolDefinition(row) };
  }
  if (!named.toolKey) return null;
  const own = await tx.tool.findFirst({ where: { organizationId, key: named.toolKey } });
  if (own) return { id: own.id, definition: toToolDefinition(own) };
  const known = await catalogTool(named.toolKey);
  if (!known) throw notFound("Tool");
  return { id: null, definition: known };
}

/** Where a tool's credentials may go: to its base URL, and to the hosts that it allows beside. */
export function hostsOfTool({ baseUrl, allowedHosts }: ToolDefinition, fields: SecretFields): string[] {
  const text = baseUrl.replaceAll(/\{\{\s*(?:secrets|auth)\.([\w.-]+)\s*\}\}/g, (_, name: string) =>
    (fields[name] ?? "").replace(/^https?:\/\//i, "").replace(/\/+$/, ""),
  );
  const filled = ownScheme(baseUrl, text, fields);
  const base = hostOf(filled);
  const scheme = filled.startsWith("http://") ? "http://" : "";
  return [...new Set([...(base ? [base] : []), ...allowedHosts.map((host) => `${scheme}${host}`)])];
}

/** What fits the way in which a tool has its callers prove who they are, with how it goes into a request. */
export function typeForTool(auth: ToolAuth, fields: SecretFields): { type: CredentialType; placements?: Placement[] } {
  const first = (...names: string[]): string | undefined => names.find((name) => fields[name]);
  switch (auth.type) {
    case "apiKey": {
      const field = first("api_key", "key", "token", ...Object.keys(fields)) ?? "api_key";
      const placements = [{ in: auth.in, name: auth.name, field, prefix: auth.prefix ?? "" }];
      return { type: fields.api_key ? "api_key" : "custom", placements };
    }
    case "basic":
      return { type: fields.username && fields.password ? "basic_auth" : "custom" };
    case "bearer":
    case "oauth2": {
      if (fields.token) return { type: "bearer" };
      const field = first("access_token", "api_key", "bot_token", ...Object.keys(fields)) ?? "token";
      return { type: "custom", placements: [{ in: "header", name: "Authorization", field, prefix: "Bearer " }] };
    }
    default:
      return { type: "custom" };
  }
}
