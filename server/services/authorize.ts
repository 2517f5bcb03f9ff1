import type { Role } from "@/prisma/generated/enums";
import type { ServiceContext } from "./context";
import { ServiceError } from "./errors";

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3 };

/** Whether `role` may do what `minimum` may. */
export const hasRole = (role: Role, minimum: Role): boolean => RANK[role] >= RANK[minimum];

/** What every verb needs to know of its caller once the role has been checked. */
export interface Caller {
  organizationId: string;
  role: Role;
  /** `user:…`, `apiKey:…` or `system`, as the audit log names it. */
  name: string;
  /** Null for API keys and the product itself. */
  userId: string | null;
}

/**
 * First line of every verb. Ids are looked up within `organizationId` afterwards, so another organization's are not found.
 * @throws ServiceError `forbidden` below the minimum role.
 */
export function authorize(ctx: ServiceContext, minimum: Role): Caller {
  const { actor } = ctx;
  if (actor.kind === "system") return { organizationId: actor.organizationId, role: "owner", name: "system", userId: null };
  if (!hasRole(actor.role, minimum)) {
    throw new ServiceError(
      "forbidden",
      `This needs the role "${minimum}"; yours is "${actor.role}". Ask an owner or admin of the organization.`,
    );
  }
  return {
    organizationId: actor.organizationId,
    role: actor.role,
    name: actor.kind === "member" ? `user:${actor.userId}` : `apiKey:${actor.apiKeyId}`,
    userId: actor.kind === "member" ? actor.userId : null,
  };
}
