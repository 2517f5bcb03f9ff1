import { expect } from "vitest";
import { sql } from "@/server/sql";
import type { Tenant } from "../tenant";

const LONG_AGO = "1999-01-01T00:00:00.000Z";

/** What is not a caller's to say: whose a row is, its id, who may do what, when it came about. By every name that columns have. */
export const plantedFields = (other: Tenant): Record<string, unknown> => ({
  ...Object.fromEntries(
    ["id", "ownerId", "owner_id", "createdById", "created_by_id", "hash", "prefix"].map((name) => [name, "planted-value"]),
  ),
  ...Object.fromEntries(["organizationId", "organization_id", "orgId", "organization"].map((name) => [name, other.organizationId])),
  userId: other.members.owner.userId,
  user: { connect: { id: other.members.owner.userId } },
  flow: { connect: { id: other.flowId } },
  actor: { kind: "member", role: "owner", organizationId: other.organizationId },
  ctx: { actor: { role: "owner", organizationId: other.organizationId } },
  role: "owner",
  ...Object.fromEntries(
    ["createdAt", "created_at", "updatedAt", "deletedAt", "publishedAt", "revokedAt", "rotatedAt"].map((name) => [name, LONG_AGO]),
  ),
  publishedVersion: 987_654,
  version: 987_654,
});

async function tables(): Promise<string[]> {
  const { rows } = await sql().query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like '\\_%'",
  );
  return rows.map(({ name }) => name);
}

/** Everything of an organization, row by row, to be compared later on. */
export async function rowsOf(organizationId: string): Promise<string[]> {
  const { rows } = await sql().query<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'organization_id'",
  );
  const found = await Promise.all(
    rows.map(async ({ name }) =>
      (await sql().query<{ row: string }>(`select t::text as row from "${name}" t where organization_id = $1`, [organizationId])).rows.map(
        ({ row }) => `${name} ${row}`,
      ),
    ),
  );
  return found.flat().sort();
}

/** Fails where any row of any table holds what `plantedFields` said. */
export async function expectNothingPlanted(): Promise<void> {
  // An event's id is its sender's.
  for (const name of (await tables()).filter((each) => each !== "named_event")) {
    const { rows } = await sql().query<{ row: string }>(
      `select t::text as row from "${name}" t where t::text like '%planted-value%' or t::text like '%1999-01-01%' or t::text like '%987654%'`,
    );
    expect(rows, name).toEqual([]);
  }
}
