import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { boolArray, bytesArray, intArray, textArray, timestampArray } from "./binary-array";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

test("arrays arrive as they were sent", async () => {
  const dates = [
    new Date(0),
    null,
    new Date("2026-11-20T08:00:00.123Z"),
    new Date("1999-12-31T23:59:59.999Z"),
    new Date("2000-01-01T01:11:34.968Z"),
    new Date("9999-12-31T23:59:59.999Z"),
  ];
  const texts = ["", null, "a", 'quotes " and \\ and {,}', "ü€😀", "NULL", "x".repeat(100_000)];
  const { rows } = await client.query(
    "select $1::text[] as texts, $2::int[] as ints, $3::timestamptz[] as dates, $4::boolean[] as flags, $5::bytea[] as bytes",
    [
      textArray(texts),
      intArray([0, null, -1, 2_147_483_647, -2_147_483_648]),
      timestampArray(dates),
      boolArray([true, false]),
      bytesArray([Buffer.from([0, 255]), Buffer.alloc(0)]),
    ],
  );
  expect(rows[0].texts).toEqual(texts);
  expect(rows[0].ints).toEqual([0, null, -1, 2_147_483_647, -2_147_483_648]);
  expect(rows[0].dates).toEqual(dates);
  expect(rows[0].flags).toEqual([true, false]);
  expect(rows[0].bytes).toEqual([Buffer.from([0, 255]), Buffer.alloc(0)]);
});

test("empty arrays stay arrays", async () => {
  const { rows } = await client.query("select $1::text[] as texts", [textArray([])]);
  expect(rows[0].texts).toEqual([]);
});
