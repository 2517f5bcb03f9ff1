import net, { type AddressInfo } from "node:net";
import pg from "pg";
import { afterEach, beforeAll, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { createConnect } from "@/server/http/connect";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { executeForTest, type TestVisit } from "../testing/execute";

const database = withTestDatabase();

async function sql(text: string): Promise<JsonObject[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows as JsonObject[];
  } finally {
    await client.end();
  }
}

beforeAll(() =>
  sql(`CREATE SCHEMA shop; CREATE TABLE shop."Orders" (
    id serial PRIMARY KEY, name text UNIQUE, total numeric(20,2), big bigint, at timestamptz, day date, local timestamp,
    data jsonb, tags text[], "odd ""name""" boolean, bytes bytea)`).then(() => {}),
);
afterEach(() => sql('TRUNCATE shop."Orders" RESTART IDENTITY').then(() => {}));

const fieldsOf = (url: URL): Record<string, string> => ({
  host: url.hostname,
  port: url.port || "5432",
  user: decodeURIComponent(url.username),
  password: decodeURIComponent(url.password),
  database: url.pathname.slice(1),
  ssl: "false",
});

const run = (parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) => {
  const url = new URL(database.url);
  return executeForTest("postgres", {
    connect: createConnect({ allowlist: [url.host] }),
    ...visit,
    parameters: { schema: "shop", table: "Orders", ...parameters },
    credentials: { postgres: { ...fieldsOf(url), ...fields } },
  });
};

it("sends values beside the SQL, whatever is in them", async () => {
  const hostile = 'x\'; DROP TABLE shop."Orders"; --';
  const { json } = await run(
    {
      operation: "query",
      query: "SELECT $1::text AS name, $2::int + 1 AS n, $3::jsonb AS data",
      parameters: "={{ [$json.name, $json.n, $json] }}",
    },
    { items: [{ name: hostile, n: 1 }] },
  );
  expect(json).toEqual([[{ name: hostile, n: 2, data: { name: hostile, n: 1 } }]]);
  await run({ operation: "insert" }, { items: [{ name: hostile, 'odd "name"': true }] });
  const found = await run(
    { operation: "select", where: [{ column: "name", operator: "equals", value: "={{ $json.name }}" }] },
    { items: [{ name: hostile }] },
  );
  expect(found.json[0]).toMatchObject([{ name: hostile, 'odd "name"': true }]);
  await expect(run({ operation: "select", columns: 'id" FROM x; --' })).rejects.toThrow("does not exist");
});

it("gives the types that JSON has: exact numbers as text, dates as ISO 8601, bytes as base64", async () => {
  const query = `SELECT 1.50::numeric AS num, 9007199254740993::bigint AS big, 3::int AS small, 'NaN'::float8 AS nan,
    '2026-01-31T10:00:00+02'::timestamptz AS at, '2026-01-31'::date AS day, '2026-01-31 08:00:00'::timestamp AS local,
    'infinity'::timestamp AS forever, '1 day'::interval AS every, '{"a":[1]}'::jsonb AS data, ARRAY['x','y'] AS tags, '\\x414243'::bytea AS bytes, NULL AS none`;
  expect((await run({ query })).json[0]).toEqual([
    {
      num: "1.50",
      big: "9007199254740993",
      small: 3,
      nan: "NaN",
      at: "2026-01-31T08:00:00.000Z",
      day: "2026-01-31",
      local: "2026-01-31T08:00:00.000Z",
      forever: "infinity",
      every: "1 day",
      data: { a: [1] },
      tags: ["x", "y"],
      bytes: "QUJD",
      none: null,
    },
  ]);
  expect((await run({ query: "SELECT 1.5::numeric AS num, 7::bigint AS big", largeNumbers: "numbers" })).json[0]).toEqual([
    { num: 1.5, big: 7 },
  ]);
});

it("inserts, upserts, updates, selects and deletes rows", async () => {
  const items: JsonObject[] = [
    { name: "a", total: 1.5, data: [1, { b: 2 }], tags: ["x"], at: "2026-01-01T00:00:00Z" },
    { name: "b", total: "12345678901234567.89", data: "text", tags: null },
  ];
  const inserted = await run({ operation: "insert" }, { items });
  expect(inserted.outputs[0]).toMatchObject([
    {
      json: { id: 1, name: "a", total: "1.50", data: [1, { b: 2 }], tags: ["x"], at: "2026-01-01T00:00:00.000Z" },
      pairedItem: { item: 0 },
    },
    { json: { id: 2, name: "b", total: "12345678901234567.89", data: "text" }, pairedItem: { item: 1 } },
  ]);
  await run(
    { operation: "upsert", matchColumns: "name" },
    {
      items: [
        { name: "a", total: 9 },
        { name: "c", total: 3 },
      ],
    },
  );
  await run({
    operation: "update",
    matchColumns: "name",
    dataMode: "fields",
    values: [
      { column: "name", value: "b" },
      { column: "big", value: 5 },
    ],
  });
  const rows = await run({ operation: "select", columns: "name, total, big", sort: [{ column: "name", direction: "desc" }], limit: 2 });
  expect(rows.json[0]).toEqual([
    { name: "c", total: "3.00", big: null },
    { name: "b", total: "12345678901234567.89", big: "5" },
  ]);
  const any = await run({
    operation: "select",
    combine: "or",
    where: [
      { column: "big", operator: "isNotNull" },
      { column: "name", operator: "in", value: "a, x" },
      { column: "total", operator: "smaller", value: 4 },
    ],
  });
  expect(any.json[0]?.map(({ name }) => name).sort()).toEqual(["a", "b", "c"]);
  const skipped = await run({ operation: "insert", skipConflicts: true }, { items: [{ name: "a" }] });
  expect(skipped.json[0]).toEqual([{ success: true, affectedRows: 0 }]);
  const deleted = await run({ operation: "delete", where: [{ column: "name", operator: "like", value: "%" }] });
  expect(deleted.json[0]).toEqual([{ success: true, affectedRows: 3 }]);
  await expect(run({ operation: "delete" })).rejects.toThrow('Parameter "where" (item 0): has no condition');
  await run({ operation: "delete", deleteCommand: "truncate" });
});

it("undoes all items of a transaction, and keeps the others when they go one by one", async () => {
  const items = [{ name: "a" }, { name: "a" }, { name: "b" }];
  await expect(run({ operation: "insert" }, { items, continueOnFail: true })).rejects.toThrow("duplicate key");
  expect(await sql('SELECT name FROM shop."Orders"')).toEqual([]);
  const { outputs } = await run({ operation: "insert", batching: "each" }, { items, continueOnFail: true });
  expect(outputs[0]?.map(({ json, error, pairedItem }) => [json.name ?? null, error?.name ?? null, pairedItem])).toEqual([
    ["a", null, { item: 0 }],
    [null, "FatalError", { item: 1 }],
    ["b", null, { item: 2 }],
  ]);
});

it("changes nothing in a query that only reads, however it is written", async () => {
  for (const query of ['DELETE FROM shop."Orders"', 'COMMIT; DROP TABLE shop."Orders"', "SELECT setval('shop.\"Orders_id_seq\"', 50)"]) {
    await expect(run({ query, readOnly: true }), query).rejects.toMatchObject({ name: "FatalError" });
  }
  expect((await run({ query: "SELECT 1 AS one", readOnly: true })).json).toEqual([[{ one: 1 }]]);
});

it("says what is wrong and where, without the secret", async () => {
  await expect(run({ query: "SELEC 1" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringMatching(/^Postgres at .*syntax error at or near "SELEC" \(at character 1\) \[42601\]$/),
  });
  await expect(run({ operation: "insert" }, { items: [{ nam: "a" }] })).rejects.toThrow(
    'there is no column "nam" in the table: it has id, name,',
  );
  await expect(run({ operation: "insert", table: "none" })).rejects.toThrow('relation "shop.none" does not exist');
  await expect(run({ query: "SELECT * FROM generate_series(1, 20)", maxRows: 10 })).rejects.toThrow("more than 10 rows");
  await expect(run({}, {}, { database: "nowhere" })).rejects.toMatchObject({ name: "FatalError" });
  await expect(run({ query: "SELECT 1" }, {}, { ssl: "true" })).rejects.toMatchObject({ hint: expect.stringContaining('"ssl"') });
  await expect(run({ query: "SELECT 1" }, { connect: createConnect({ allowlist: [] }) })).rejects.toThrow("not allowed");
});

it("ends its connections, also when it is cancelled in the middle of a query", async () => {
  const cancel = new AbortController();
  const running = run({ query: "SELECT pg_sleep(60) AS tolstoy_sleeps" }, { signal: cancel.signal });
  const settled = expect(running).rejects.toMatchObject({ name: "AbortError" });
  await expect
    .poll(() => sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%tolstoy_sleeps%' AND application_name = 'tolstoy'"))
    .toEqual([{ n: 1 }]);
  cancel.abort();
  await settled;
  await expect(run({ query: "SELECT pg_sleep(60)", timeoutSeconds: 1 })).rejects.toThrow("statement timeout");
  await run({ query: "SELECT 1" });
  await expect
    .poll(() => sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'tolstoy' AND state = 'idle'"))
    .toEqual([{ n: 0 }]);
});

it("is told by a server that stops in the middle", async () => {
  const server = net.createServer((socket) => socket.once("data", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = String((server.address() as AddressInfo).port);
  const connect = createConnect({ allowlist: [`127.0.0.1:${port}`] });
  await expect(run({ query: "SELECT 1" }, { connect }, { host: "127.0.0.1", port })).rejects.toMatchObject({
    name: "Error",
    message: expect.stringContaining("Connection terminated"),
  });
  server.close();
});
