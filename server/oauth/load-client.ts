import type { OauthConfig } from "@/prisma/generated/client";
import { appUrl } from "../auth/settings";
import type { PreparingClient } from "../credentials/authorized-client";
import { db } from "../db";
import { patiently } from "../execution/patience";
import { openEnvelope, sealEnvelope } from "../secrets/envelope";
import { type OAuthClient, OAuthFailure, overridden, serverOf } from "./client";

/** Page that providers send people back to. */
export const CALLBACK_PATH = "/oauth/callback";

export const defaultRedirectUri = (): string => new URL(CALLBACK_PATH, appUrl()).href;

/** Whose a client secret is: it opens for this organization's configuration of this key only. */
const ownerOf = (organizationId: string, key: string) => ({ organizationId, credentialId: `oauth:${key}` });

export const sealClientSecret = (secret: string, organizationId: string, key: string): string =>
  sealEnvelope(secret, ownerOf(organizationId, key));

/** As `rewrap` needs it. */
export const clientSecretOwner = ownerOf;

/** @throws OAuthFailure when the organization has none by this key. */
export async function loadOAuthClient(organizationId: string, key: string, http: PreparingClient): Promise<OAuthClient> {
  const row = await patiently(() => db().oauthConfig.findUnique({ where: { organizationId_key: { organizationId, key } } }));
  if (!row) throw new OAuthFailure(`The organization has no OAuth client for "${key}" any more: set one up again`);
  return clientOf(row, http);
}

export async function clientOf(row: OauthConfig, http: PreparingClient): Promise<OAuthClient> {
  const { provider, issuer, grant } = overridden(row.provider, row.endpoints);
  return {
    key: row.key,
    provider,
    clientId: row.clientId,
    clientSecret: row.clientSecret === null ? null : openEnvelope(row.clientSecret, ownerOf(row.organizationId, row.key)),
    redirectUri: row.redirectUri ?? defaultRedirectUri(),
    scopes: row.scopes.length > 0 ? row.scopes : provider.scopes,
    grant,
    server: await serverOf(provider, issuer, http),
  };
}
