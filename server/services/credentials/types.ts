import type { CredentialSettings } from "@/flow/credentials/settings";
import { credentialSettingsSchema } from "@/flow/credentials/settings";
import type { CredentialType } from "@/flow/credentials/types";
import type { Credential } from "@/prisma/generated/client";
import type { Role } from "@/prisma/generated/enums";
import { type Caller, hasRole } from "../authorize";

export interface CredentialTest {
  ok: boolean;
  message: string;
  at: string;
}

/** A credential as it may be shown. No field of it is a secret. */
export interface CredentialView {
  id: string;
  name: string;
  type: CredentialType;
  /** Null for one that belongs to no tool. */
  toolId: string | null;
  toolKey: string | null;
  /** Key of the OAuth client that it was connected by. */
  provider: string | null;
  /** Masked: `sk-12***********cdef`. */
  fields: Record<string, string>;
  settings: CredentialSettings;
  allowedHosts: string[];
  scopes: string[];
  ownerId: string | null;
  minRole: Role;
  flowIds: string[];
  status: "active" | "reconnect_required" | "expired";
  statusReason: string | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  lastTest: CredentialTest | null;
  rotatedAt: string | null;
  createdAt: string;
  updatedAt: string;
  /** Whether the caller may change, share and delete it. */
  manageable: boolean;
}

/** Whoever made it, and admins. */
export const mayManage = (caller: Caller, row: Pick<Credential, "ownerId">): boolean =>
  hasRole(caller.role, "admin") || (row.ownerId !== null && row.ownerId === caller.userId && hasRole(caller.role, "editor"));

/** Who may see that it exists. Those that are for admins only are not even named to others. */
export const maySee = (caller: Caller, row: Pick<Credential, "ownerId" | "minRole">): boolean =>
  row.minRole === "editor" || row.minRole === "viewer" || hasRole(caller.role, row.minRole) || mayManage(caller, row);

/** Who may put it into a flow or call something with it. */
export const mayUse = (caller: Caller, row: Pick<Credential, "ownerId" | "minRole">): boolean =>
  hasRole(caller.role, "editor") && (hasRole(caller.role, row.minRole) || mayManage(caller, row));

export function viewOf(row: Credential, caller: Caller): CredentialView {
  const expired = row.expiresAt !== null && row.expiresAt.getTime() <= Date.now();
  return {
    id: row.id,
    name: row.name,
    type: row.type as CredentialType,
    toolId: row.toolId,
    toolKey: row.toolKey,
    provider: row.provider,
    fields: row.masked as Record<string, string>,
    settings: credentialSettingsSchema.catch({}).parse(row.settings),
    allowedHosts: row.allowedHosts,
    scopes: row.scopes,
    ownerId: row.ownerId,
    minRole: row.minRole,
    flowIds: row.flowIds,
    status: row.status !== "active" ? "reconnect_required" : expired ? "expired" : "active",
    statusReason: row.statusReason,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastTest: row.lastTest as CredentialTest | null,
    rotatedAt: row.rotatedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    manageable: mayManage(caller, row),
  };
}
