import { seal, unseal } from "@/server/secrets/seal";

interface Owner {
  organizationId: string;
  id: string;
}

const ownerOf = ({ organizationId, id }: Owner, part: string) => `webhook:${organizationId}:${id}:${part}`;

export const sealWebhookSecret = (secret: string, owner: Owner): string => seal(secret, ownerOf(owner, "secret"));

export const sealWebhookHeaders = (headers: Record<string, string>, owner: Owner): string | null =>
  Object.keys(headers).length === 0 ? null : seal(JSON.stringify(headers), ownerOf(owner, "headers"));

/** @throws Error when the installation's key changed since they were sealed. */
export function openWebhook(row: Owner & { secret: string | null; headers: string | null }): {
  secret: string | null;
  headers: Record<string, string>;
} {
  return {
    secret: row.secret === null ? null : unseal(row.secret, ownerOf(row, "secret")),
    headers: row.headers === null ? {} : (JSON.parse(unseal(row.headers, ownerOf(row, "headers"))) as Record<string, string>),
  };
}

/** Names of the headers; none when they cannot be opened any more. */
export function headerNamesOf(row: Owner & { headers: string | null }): string[] {
  try {
    return Object.keys(openWebhook({ ...row, secret: null }).headers);
  } catch {
    return [];
  }
}
