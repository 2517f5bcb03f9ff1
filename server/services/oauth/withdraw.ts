import type { Credential } from "@/prisma/generated/client";
import { openCredential } from "@/server/credentials/open";
import { sharedHttpClient } from "@/server/http/shared-client";
import { logger } from "@/server/logger";
import { revokeTokens } from "@/server/oauth/client";
import { loadOAuthClient } from "@/server/oauth/load-client";

/** Takes the tokens of a credential back at its provider, where that can be done. What fails there is logged, and no obstacle here. */
export async function withdrawTokens(row: Credential): Promise<boolean> {
  if (row.type !== "oauth2" || row.status !== "active") return false;
  try {
    const { fields } = await openCredential(row);
    if (!fields.access_token || fields.grant === "client_credentials") return false;
    const http = sharedHttpClient();
    const client = await loadOAuthClient(row.organizationId, row.provider ?? "", http);
    return await revokeTokens(client, { accessToken: fields.access_token, refreshToken: fields.refresh_token ?? null }, http);
  } catch (error) {
    logger.warn({ err: error, credentialId: row.id }, "the tokens of a credential could not be revoked at the provider");
    return false;
  }
}
