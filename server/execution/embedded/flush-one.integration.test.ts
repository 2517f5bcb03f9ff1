import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { flushOneStatement } from "./flush-one";
import { type FlushRow, flushAnswer, flushStatement } from "./flush-statement";
import type { Entry } from "./rows";
import { entryOf } from "./testing/entries";

const NOTHING = { claim: 0, wake: false };
let database: TestDatabase;
let pool: pg.Pool;
let worker: string;
let organizations = 0;

beforeAll(async () => {
  database = await createTestDatabase({ unchecked: "its executions are rows without runs, of a flow that is not there" });
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const { rows } = await pool.query<{ id: string }>(
    "insert into worker (id, host, pid) values (gen_random_uuid(), 'test', 1) returning id",
  );
  worker = rows[0]!.id;
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function organization(maxConcurrent = 10): Promise<string> {
  const id = `org-${++organizations}`;
  await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, $2, now())", [
    id,
    maxConcurrent,
  ]);
  return id;
}

const alone = async (entry: Entry, as = worker) => {
  const statement = flushOneStatement(as, [entry], NOTHING);
  if (!statement) throw new Error("That is not the ordinary case");
  return (await pool.query<FlushRow>(statement)).rows;
};
const together = async (entry: Entry) => (await pool.query<FlushRow>(flushStatement(worker, [entry], NOTHING))).rows;

/** Everything that is recorded, without what tells one execution from another. */
async function recorded({ executionId }: Entry) {
  const without = "- 'id' - 'execution_id' - 'organization_id' - 'worker_id'";
  const { rows } = await pool.query(
    `select (select to_jsonb(e) ${without} from execution e where e.id = $1) as execution,
      (select jsonb_agg(to_jsonb(s) ${without} order by s.seq) from execution_step s where s.execution_id = $1) as steps,
      (select to_jsonb(t) ${without} from trigger_event t where t.execution_id = $1) as arrival`,
    [executionId],
  );
  return rows[0];
}

test.each([
  ["succeeded", {}],
  ["failed", { failed: true }],
  ["nothing to do", { steps: [] }],
  ["with a key against duplicates", { dedupeKey: "delivery-1" }],
])("records what the statement for many does: %s", async (_, more) => {
  const [one, many] = [entryOf(await organization(), more), entryOf(await organization(), more)];
  const answers = [flushAnswer(await alone(one), [one]), flushAnswer(await together(many), [many])];
  expect(await recorded(one)).toEqual(await recorded(many));
  expect((await recorded(one)).execution.status).toBe(one.end!.status);
  expect(answers[0]!.starts.get(one.executionId)).toEqual({ kind: "admitted" });
  expect(answers[0]!.ends.get(one.executionId)).toEqual(answers[1]!.ends.get(many.executionId));
});

test("writes nothing, and says so, where there is no room, something queues, or the arrival is known", async () => {
  const full = await organization(0);
  const known = await organization();
  await together(entryOf(known, { dedupeKey: "same" }));
  const queueing = await organization();
  const queued = entryOf(queueing);
  queued.start!.eager = false;
  queued.end = null;
  queued.steps = [];
  await together(queued);
  for (const entry of [entryOf(full), entryOf(known, { dedupeKey: "same" }), entryOf(queueing), entryOf("org-unknown")]) {
    expect((await alone(entry)).map(({ kind }) => kind)).toEqual(["other"]);
    expect(await recorded(entry)).toEqual({ execution: null, steps: null, arrival: null });
  }
});

test("sent twice, it is left to the statement for many, which finds it recorded", async () => {
  const entry = entryOf(await organization());
  await alone(entry);
  const before = await recorded(entry);
  expect((await alone(entry)).map(({ kind }) => kind)).toContain("other");
  expect(flushAnswer(await together(entry), [entry]).starts.get(entry.executionId)).toEqual({ kind: "admitted" });
  expect(await recorded(entry)).toEqual(before);
});

test("a worker that was taken for dead records nothing", async () => {
  const entry = entryOf(await organization());
  const { rows } = await pool.query<{ id: string }>(
    "insert into worker (id, host, pid, fenced) values (gen_random_uuid(), 'test', 2, true) returning id",
  );
  expect((await alone(entry, rows[0]!.id)).map(({ kind }) => kind)).toEqual(["fenced"]);
  expect(await recorded(entry)).toEqual({ execution: null, steps: null, arrival: null });
});

test("anything but one whole execution is for the statement for many", async () => {
  const id = await organization();
  const whole = entryOf(id);
  expect(flushOneStatement(worker, [whole, entryOf(id)], NOTHING)).toBeNull();
  expect(flushOneStatement(worker, [whole], { claim: 1, wake: false })).toBeNull();
  expect(flushOneStatement(worker, [{ ...whole, end: null }], NOTHING)).toBeNull();
  expect(flushOneStatement(worker, [{ ...whole, start: null }], NOTHING)).toBeNull();
  expect(flushOneStatement(worker, [{ ...whole, payloads: [{ id: "p", ofStep: true, bytes: Buffer.from("x") }] }], NOTHING)).toBeNull();
});
