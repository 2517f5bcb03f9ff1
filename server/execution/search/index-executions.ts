import type pg from "pg";
import type { Item } from "@/flow/item";
import { TokenSet } from "./tokens";

/** Bytes: larger outputs are not read for their values, */
const LONGEST_TEXT = 262_144;
/** nor, of one execution, more than so many together. */
const MOST_TEXT = 1_048_576;
const STEPS_READ = 200;
/** Executions whose outputs are in memory at once. */
const READ_TOGETHER = 25;
/** An end is recorded some time after the instant that it carries: what came late is looked for again. */
const OVERLAP_SECONDS = 60;
/** Whatever waits longest began to wait soon after its start. */
const PARKED_SINCE = "1 day";
/** Advisory lock of whoever writes the index. */
const LOCK = [7708, 2] as const;

interface IndexedRow {
  id: string;
  organization_id: string;
  input: string | null;
}

interface EndedRow extends IndexedRow {
  ended: Date;
}

const itemsOf = (text: string): Item[][] => {
  const value = JSON.parse(text) as unknown;
  if (Array.isArray(value)) return [value as Item[]];
  const { outputs, payload } = value as { outputs?: Item[][]; payload?: Item["json"] };
  if (outputs) return outputs;
  return typeof payload === "object" && payload !== null ? [[{ json: payload }]] : [];
};

/**
 * Texts by execution, in order. One question for all executions: there are many short ones.
 * @param query gives rows of `id` and `text` for the ids of `$1`
 */
async function textsOf(client: pg.ClientBase, query: pg.QueryConfig, ids: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await client.query<{ id: string; text: string }>({ ...query, values: [ids] });
  const texts = new Map<string, string[]>();
  for (const { id, text } of rows) {
    const of = texts.get(id);
    if (of) of.push(text);
    else texts.set(id, [text]);
  }
  return texts;
}

/** What the steps gave, as far as it is read. */
const OUTPUTS = {
  name: "search_outputs",
  text: `select e.id, s.output as text from unnest($1::text[]) as e(id)
    cross join lateral (
      select o.seq, o.output from (
        select t.seq, t.output, sum(octet_length(t.output)) over (order by t.seq) as read from execution_step t
        where t.execution_id = e.id and t.output is not null and octet_length(t.output) <= ${LONGEST_TEXT}
        order by t.seq limit ${STEPS_READ}) o
      where o.read <= ${MOST_TEXT}) s
    order by e.id, s.seq`,
};

/** What executions say of themselves. */
const CUSTOM_DATA = {
  name: "search_custom_data",
  text: `select execution_id as id, changes as text from execution_custom_data where execution_id = any ($1) order by execution_id, position`,
};

function tokensOf(row: IndexedRow, outputs: readonly string[], customData: readonly string[]): number[] {
  const tokens = new TokenSet(row.organization_id);
  // Chosen to be found by: it comes first.
  for (const changes of customData) tokens.addItems([{ json: JSON.parse(changes) as Item["json"] }]);
  const texts = row.input !== null && row.input.length <= LONGEST_TEXT ? [row.input, ...outputs] : outputs;
  for (const text of texts) {
    if (tokens.full) break;
    for (const items of itemsOf(text)) tokens.addItems(items);
  }
  return tokens.values;
}

/**
 * Puts executions that have ended since the last time into the search index, a batch at a time.
 * @returns how many; 0 also when another process is at it
 */
export const indexEnded = (pool: pg.Pool, limit = 200): Promise<number> => asOnlyOne(pool, (client) => indexBatch(client, limit));

/**
 * Puts executions that wait into the search index, with the values of until now; their ends bring the others.
 * @returns how many; 0 also when another process is at it
 */
export const indexParked = (pool: pg.Pool, limit = 200): Promise<number> => asOnlyOne(pool, (client) => indexParkedBatch(client, limit));

async function asOnlyOne(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<number>): Promise<number> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    const { rows: lock } = await client.query<{ locked: boolean }>("select pg_try_advisory_xact_lock($1, $2) as locked", [...LOCK]);
    const count = lock[0]?.locked ? await work(client) : 0;
    await client.query("commit");
    broken = false;
    return count;
  } finally {
    // A connection in an unknown state is not given back; closing it ends the transaction.
    client.release(broken);
  }
}

async function indexBatch(client: pg.ClientBase, limit: number): Promise<number> {
  await client.query("insert into execution_search_cursor (id, ended_at) values (1, now() - interval '1 day') on conflict do nothing");
  const { rows } = await client.query<EndedRow>(
    `select e.id, e.organization_id, e.input, e.finished_at as ended from execution e
     where e.finished_at >= (select ended_at from execution_search_cursor) - interval '${OVERLAP_SECONDS} seconds'
       and e.status in ('succeeded', 'failed', 'cancelled', 'timed_out')
       and not exists (select 1 from execution_search s where s.execution_id = e.id and s.is_final)
     order by e.finished_at limit $1`,
    [limit],
  );
  if (rows.length === 0) return 0;
  await write(client, rows, true);
  await client.query("update execution_search_cursor set ended_at = greatest(ended_at, $1)", [rows.at(-1)!.ended]);
  return rows.length;
}

/** Those that wait, or are paused, and have not been indexed yet. */
async function indexParkedBatch(client: pg.ClientBase, limit: number): Promise<number> {
  const { rows } = await client.query<IndexedRow>(
    `select e.id, e.organization_id, e.input from execution e
     where e.status in ('waiting', 'paused') and e.created_at >= now() - interval '${PARKED_SINCE}'
       and not exists (select 1 from execution_search s where s.execution_id = e.id)
     order by e.created_at limit $1`,
    [limit],
  );
  await write(client, rows, false);
  return rows.length;
}

async function write(client: pg.ClientBase, rows: readonly IndexedRow[], isFinal: boolean): Promise<void> {
  const texts: string[] = [];
  for (let first = 0; first < rows.length; first += READ_TOGETHER) {
    const some = rows.slice(first, first + READ_TOGETHER);
    const ids = some.map(({ id }) => id);
    const outputs = await textsOf(client, OUTPUTS, ids);
    const customData = await textsOf(client, CUSTOM_DATA, ids);
    for (const row of some) texts.push(`{${tokensOf(row, outputs.get(row.id) ?? [], customData.get(row.id) ?? []).join(",")}}`);
  }
  if (rows.length === 0) return;
  await client.query(
    `insert into execution_search as s (execution_id, tokens, is_final)
     select id, tokens::int[], $3 from unnest($1::text[], $2::text[]) as t(id, tokens)
     on conflict (execution_id) do update set tokens = excluded.tokens, is_final = excluded.is_final where not s.is_final`,
    [rows.map(({ id }) => id), texts, isFinal],
  );
}
