import type pg from "pg";
import { type CustomData, type CustomValues, foldCustomValues } from "@/flow/node/custom-data";
import { patiently } from "./patience";

/** What an execution took over from earlier ones comes first. */
const READ = `with recursive chain as (
    select $1::text as id, 0 as depth
    union all
    select r.from_id, c.depth + 1 from chain c join execution_resumption r on r.execution_id = c.id where c.depth < 50)
  select d.changes from chain c join execution_custom_data d on d.execution_id = c.id
  where d.organization_id = $2 and d.key <> $3
  order by c.depth desc, d.position`;

/** Custom data of an execution, one row for each step that set some. */
export function createCustomData(
  pool: pg.Pool,
  { organizationId, executionId }: { organizationId: string; executionId: string },
): (visit: { key: string }) => CustomData {
  return ({ key }) => {
    let own: CustomValues = {};
    return {
      read: () => patiently(() => readCustomData(pool, { organizationId, executionId }, key)),
      async write(changes) {
        own = { ...own, ...changes };
        const values = [executionId, organizationId, key, JSON.stringify(own)];
        await patiently(() =>
          pool.query({
            name: "custom_data_write",
            text: `insert into execution_custom_data (execution_id, organization_id, key, changes) values ($1, $2, $3, $4)
            on conflict (execution_id, key) do update set changes = excluded.changes`,
            values,
          }),
        );
      },
    };
  };
}

/** What the steps of an execution have set, without those of one step where it is given. */
export async function readCustomData(
  pool: pg.Pool,
  { organizationId, executionId }: { organizationId: string; executionId: string },
  without = "",
): Promise<CustomValues> {
  const { rows } = await pool.query<{ changes: string }>({
    name: "custom_data_read",
    text: READ,
    values: [executionId, organizationId, without],
  });
  return foldCustomValues(rows.map(({ changes }) => JSON.parse(changes) as CustomValues));
}
