import { randomBytes } from "node:crypto";
import pg from "pg";
import { sql } from "@/server/sql";

/** What a copy of an organization consists of, in the order in which rows refer to each other. Sealed rows, whose seal names them, are not among it. */
const TABLES: readonly { name: string; of: string }[] = [
  { name: "organization", of: "t.id = $1" },
  { name: "user", of: "t.id in (select user_id from member where organization_id = $1)" },
  ...[
    ...["member", "flow", "flow_version", "trigger", "tool", "action", "oauth_config"],
    ...["execution", "execution_step", "execution_decision", "trigger_event"],
  ].map((name) => ({ name, of: "t.organization_id = $1" })),
];

/** Rows of an organization as they were when it was looked at. */
export interface TenantRows {
  /** JSON of each table's rows. */
  tables: { name: string; rows: string }[];
  /** What no two organizations share: ids, addresses. */
  unique: string[];
}

export async function readTenantRows(organizationId: string): Promise<TenantRows> {
  const tables: TenantRows["tables"] = [];
  const unique: string[] = [];
  for (const { name, of } of TABLES) {
    const { rows } = await sql().query<{ row: { id?: string; email?: string; slug?: string } }>(
      `select row_to_json(t) as row from "${name}" t where ${of}`,
      [organizationId],
    );
    tables.push({ name, rows: JSON.stringify(rows.map(({ row }) => row)) });
    for (const { row } of rows) unique.push(...[row.id, row.email?.split("@")[0], row.slug].filter((value) => value !== undefined));
  }
  return { tables, unique };
}

/**
 * Writes the same rows for another organization, in one round trip: making them through the services takes a hundred.
 * @returns what replaces a text that has ids of the first organization in it
 */
export async function copyTenantRows({ tables, unique }: TenantRows): Promise<(text: string) => string> {
  // Ids begin with their kind and the time, and end at random.
  const fresh = new Map(unique.map((value) => [value, value.slice(0, -12) + randomBytes(6).toString("hex")]));
  const pattern = new RegExp([...unique].sort((a, b) => b.length - a.length).join("|"), "g");
  const renamed = (text: string) => text.replace(pattern, (value) => fresh.get(value) ?? value);
  const inserts = tables.map(
    ({ name, rows }) =>
      `insert into "${name}" select * from json_populate_recordset(null::public."${name}", ${pg.escapeLiteral(renamed(rows))})`,
  );
  await sql().query(inserts.join(";\n"));
  return renamed;
}
