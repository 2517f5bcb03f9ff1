import { createHash, randomBytes } from "node:crypto";
import type { Role } from "@/prisma/generated/enums";
import type { Actor } from "../services/context";
import { sql } from "../sql";

const PREFIX = "tol_";
const SHOWN = 12;

/** A key has 256 random bits, so a plain hash of it cannot be guessed back. */
const hashOf = (key: string): string => createHash("sha256").update(key).digest("hex");

/** A new key: shown once, kept as `hash`, recognised by `prefix`. */
export function newApiKey(): { key: string; hash: string; prefix: string } {
  const key = `${PREFIX}${randomBytes(32).toString("base64url")}`;
  return { key, hash: hashOf(key), prefix: key.slice(0, SHOWN) };
}

/** Whoever calls with `Authorization: Bearer tol_…`; null for a key that is unknown or revoked. */
export async function actorOfApiKey(key: string): Promise<Actor | null> {
  if (!key.startsWith(PREFIX) || key.length > 100) return null;
  const { rows } = await sql().query<{ id: string; organization_id: string; role: Role; stale: boolean }>({
    name: "api-key",
    text: `select id, organization_id, role, (last_used_at is null or last_used_at < now() - interval '1 minute') as stale
           from api_key where hash = $1 and revoked_at is null`,
    values: [hashOf(key)],
  });
  const [row] = rows;
  if (!row) return null;
  if (row.stale)
    await sql().query({ name: "api-key-used", text: "update api_key set last_used_at = now() where id = $1", values: [row.id] });
  return { kind: "apiKey", apiKeyId: row.id, organizationId: row.organization_id, role: row.role };
}

/** The token of an `Authorization: Bearer …` header; null when there is none. */
export const bearerToken = (headers: Headers): string | null => /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
