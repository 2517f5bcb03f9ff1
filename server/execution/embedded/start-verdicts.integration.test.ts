import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { type FlushRow, flushAnswer, flushStatement } from "./flush-statement";
import type { Entry } from "./rows";
import { entryOf } from "./testing/entries";

let database: TestDatabase;
let pool: pg.Pool;
let here: string;
let elsewhere: string;
let organizations = 0;

beforeAll(async () => {
  database = await createTestDatabase({ unchecked: "its executions are rows without runs, of a flow that is not there" });
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const { rows } = await pool.query<{ id: string }>(
    "insert into worker (id, host, pid) values (gen_random_uuid(), 'here', 1), (gen_random_uuid(), 'elsewhere', 2) returning id",
  );
  [here, elsewhere] = [rows[0]!.id, rows[1]!.id];
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function organization(): Promise<string> {
  const id = `org-${++organizations}`;
  await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, 10, now())", [id]);
  return id;
}

/** One that begins, with nothing done yet. */
async function beginning(): Promise<Entry> {
  const entry = entryOf(await organization(), { steps: [] });
  entry.start!.execution.event.dedupeKey = `flow:${entry.executionId}`;
  entry.end = null;
  return entry;
}

/** The same execution, started by another attempt. */
function again(entry: Entry): Entry {
  const start = structuredClone(entry.start!);
  start.execution.event.id = `${start.execution.event.id}-again`;
  return { ...entry, start };
}

const verdict = async (entry: Entry, worker: string) =>
  flushAnswer((await pool.query<FlushRow>(flushStatement(worker, [entry], { claim: 0, wake: false }))).rows, [entry]).starts.get(
    entry.executionId,
  );

test("an execution that another process has started, or brought to its end, is begun by nobody else", async () => {
  const entry = await beginning();
  const late = again(entry);
  expect(await verdict(entry, elsewhere)).toEqual({ kind: "admitted" });
  expect(await verdict(late, here)).toEqual({ kind: "duplicate", of: entry.executionId });
  await pool.query("update execution set status = 'succeeded', worker_id = null, finished_at = now() where id = $1", [entry.executionId]);
  expect(await verdict(late, here)).toEqual({ kind: "duplicate", of: entry.executionId });
});

test("a start that is sent again is admitted as long as it is what it was when its answer got lost", async () => {
  const entry = await beginning();
  expect(await verdict(entry, here)).toEqual({ kind: "admitted" });
  expect(await verdict(entry, here)).toEqual({ kind: "admitted" });
  await pool.query("update execution set worker_id = $2, claim_no = 2 where id = $1", [entry.executionId, elsewhere]);
  expect(await verdict(entry, here)).toEqual({ kind: "queued" });
  await pool.query("update execution set status = 'succeeded', worker_id = null, finished_at = now() where id = $1", [entry.executionId]);
  expect(await verdict(entry, here)).toEqual({ kind: "queued" });
});

test("a whole execution that is sent again is admitted as what it was recorded as", async () => {
  const entry = entryOf(await organization());
  expect(await verdict(entry, here)).toEqual({ kind: "admitted" });
  expect(await verdict(entry, here)).toEqual({ kind: "admitted" });
  expect(await verdict({ ...entry, end: { ...entry.end!, finishedAt: new Date() } }, here)).toEqual({ kind: "queued" });
});
