import { createHash, randomBytes } from "node:crypto";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { ApiKey, Flow, Member, Organization, Prisma, User } from "@/prisma/generated/client";
import type { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";

/** Makes names unique, so that tests share a database without meeting each other. */
const unique = () => randomBytes(6).toString("hex");

export function createOrganization(values: Partial<Prisma.OrganizationCreateInput> = {}): Promise<Organization> {
  const id = unique();
  return db().organization.create({ data: { name: `Organization ${id}`, slug: `org-${id}`, ...values } });
}

/** Without a password: nobody signs in as this user unless `values.passwordHash` says so. */
export function createUser(values: Partial<Prisma.UserCreateInput> = {}): Promise<User> {
  const id = unique();
  return db().user.create({ data: { email: `${id}@example.test`, name: `User ${id}`, ...values } });
}

/** A user with a role in an organization; both are made when not given. */
export async function createMember(
  values: { organizationId?: string; userId?: string; role?: Role } = {},
): Promise<{ member: Member; context: ServiceContext }> {
  const organizationId = values.organizationId ?? (await createOrganization()).id;
  const userId = values.userId ?? (await createUser()).id;
  const role = values.role ?? "owner";
  const member = await db().member.create({ data: { organizationId, userId, role } });
  return { member, context: memberContext({ organizationId, userId, role }) };
}

export const memberContext = (member: { organizationId: string; userId: string; role: Role }): ServiceContext => ({
  actor: { kind: "member", ...member },
  requestId: `test-${unique()}`,
});

interface ApiKeyValues {
  organizationId: string;
  role?: Role;
  revokedAt?: Date;
}

/** A key and its row, which is yet to be written. `key` is what a client sends; only its hash is stored. */
export function newApiKey({ organizationId, role = "editor", revokedAt }: ApiKeyValues): {
  key: string;
  data: Prisma.ApiKeyCreateManyInput & { role: Role };
} {
  const key = `tol_${randomBytes(32).toString("base64url")}`;
  const hash = createHash("sha256").update(key).digest("hex");
  return { key, data: { organizationId, role, revokedAt: revokedAt ?? null, name: "Test key", prefix: key.slice(0, 12), hash } };
}

export async function createApiKey(values: ApiKeyValues): Promise<{ key: string; apiKey: ApiKey; context: ServiceContext }> {
  const { key, data } = newApiKey(values);
  const { organizationId, role } = data;
  const apiKey = await db().apiKey.create({ data });
  return { key, apiKey, context: { actor: { kind: "apiKey", apiKeyId: apiKey.id, organizationId, role }, requestId: `test-${unique()}` } };
}

/** A flow with a draft, by default a manual trigger alone. Nothing is published. */
export function createFlow(values: { organizationId: string; name?: string; graph?: Graph; active?: boolean }): Promise<Flow> {
  const { organizationId, name = `Flow ${unique()}`, graph = manualGraph(), active = false } = values;
  return db().flow.create({ data: { organizationId, name, draft: graph as Prisma.InputJsonValue, active } });
}

/** The smallest graph that can run: one manual trigger, and whatever follows it. */
export function manualGraph(...nodes: { id: string; type: string; parameters?: Graph["variables"] }[]): Graph {
  const all = [{ id: "trigger", type: "manual-trigger" }, ...nodes];
  return graphSchema.parse({
    nodes: all.map((node, index) => ({ name: node.id, position: { x: index * 240, y: 0 }, ...node })),
    edges: nodes.map((node, index) => ({ id: `edge-${index}`, source: all[index]?.id, target: node.id })),
  });
}
