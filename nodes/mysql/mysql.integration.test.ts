import { Types } from "mysql2";
import { afterEach, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { createConnect } from "@/server/http/connect";
import { type MysqlAnswer, type MysqlFake, startMysqlFake } from "@/server/testing/mysql-fake";
import { executeForTest, type TestVisit } from "../testing/execute";

const servers: MysqlFake[] = [];
async function server(answer: Parameters<typeof startMysqlFake>[0]): Promise<MysqlFake> {
  const started = await startMysqlFake(answer);
  servers.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => each.close()));
});

const COLUMNS: MysqlAnswer = {
  columns: [
    { name: "Field", type: Types.VAR_STRING },
    { name: "Type", type: Types.VAR_STRING },
  ],
  rows: [
    ["id", "int"],
    ["name", "varchar(100)"],
    ["data", "json"],
  ],
};
const table = (sql: string): MysqlAnswer => (sql.startsWith("SHOW COLUMNS") ? COLUMNS : { affectedRows: 1, insertId: 7 });

const run = (to: MysqlFake, parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("mysql", {
    connect: createConnect({ allowlist: [`127.0.0.1:${to.port}`] }),
    ...visit,
    parameters,
    credentials: { mysql: { host: "127.0.0.1", port: String(to.port), user: "shop", password: "correct horse", ssl: "false", ...fields } },
  });

const written = ({ statements }: MysqlFake) => statements.filter(({ sql }) => !/^(SET|SHOW)/.test(sql));

it("sends values beside the SQL, in prepared statements", async () => {
  const fake = await server(() => ({ columns: [{ name: "n", type: Types.LONGLONG }], rows: [["9007199254740993"]] }));
  const hostile = "x'; DROP TABLE orders; --";
  await run(
    fake,
    { query: "SELECT 1 AS n WHERE ? = ?", parameters: "={{ [$json.name, $json.list] }}", batching: "each" },
    { items: [{ name: hostile, list: [1] }] },
  ).catch((error: Error) => error);
  expect(written(fake)).toEqual([{ sql: "SELECT 1 AS n WHERE ? = ?", values: [hostile, "[1]"] }]);
});

it("gives the types that JSON has", async () => {
  const fake = await server(() => ({
    columns: [
      { name: "big", type: Types.LONGLONG },
      { name: "price", type: Types.NEWDECIMAL },
      { name: "at", type: Types.DATETIME },
      { name: "day", type: Types.DATE },
      { name: "data", type: Types.JSON },
      { name: "none", type: Types.VAR_STRING },
    ],
    rows: [["9007199254740993", "1.50", "2026-01-31 08:00:00", "2026-01-31", '{"a":[1]}', null]],
  }));
  const { json } = await run(fake, { query: "SELECT everything" });
  expect(json[0]).toEqual([
    { big: "9007199254740993", price: "1.50", at: "2026-01-31T08:00:00.000Z", day: "2026-01-31", data: { a: [1] }, none: null },
  ]);
  expect(fake.statements[0]?.sql).toBe("SET time_zone = '+00:00'");
});

it("builds inserts, upserts, updates, selects and deletes", async () => {
  const fake = await server(table);
  const items = [{ id: 1, name: "Ada", data: { a: 1 } }];
  const inserted = await run(fake, { operation: "insert", table: "shop.or`ders" }, { items });
  expect(inserted.json[0]).toEqual([{ success: true, affectedRows: 1, insertId: 7 }]);
  await run(fake, { operation: "insert", table: "orders", skipConflicts: true, batching: "each" }, { items: [{ id: 2 }] });
  await run(fake, { operation: "upsert", table: "orders", matchColumns: "id", batching: "each" }, { items });
  await run(fake, { operation: "update", table: "orders", matchColumns: "id", batching: "each" }, { items });
  await run(fake, { operation: "delete", table: "orders", where: [{ column: "name", operator: "like", value: "A%" }], batching: "each" });
  await run(fake, {
    operation: "select",
    table: "orders",
    columns: "id,name",
    where: [{ column: "id", operator: "in", value: [1, 2] }],
    sort: [{ column: "id" }],
    limit: 5,
  });
  const data = '{"a":1}';
  expect(written(fake)).toEqual([
    { sql: "START TRANSACTION", values: [] },
    { sql: "INSERT INTO `shop`.`or``ders` (`id`, `name`, `data`) VALUES (?, ?, ?)", values: [1, "Ada", data] },
    { sql: "COMMIT", values: [] },
    { sql: "INSERT IGNORE INTO `orders` (`id`) VALUES (?)", values: [2] },
    {
      sql: "INSERT INTO `orders` (`id`, `name`, `data`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`), `data` = VALUES(`data`)",
      values: [1, "Ada", data],
    },
    { sql: "UPDATE `orders` SET `name` = ?, `data` = ? WHERE `id` = ?", values: ["Ada", data, 1] },
    { sql: "DELETE FROM `orders` WHERE `name` LIKE ?", values: ["A%"] },
    { sql: "SELECT `id`, `name` FROM `orders` WHERE `id` IN (?, ?) ORDER BY `id` ASC LIMIT 5", values: [1, 2] },
  ]);
});

it("undoes a transaction, or goes on with the other items", async () => {
  const fake = await server((sql, values) =>
    sql.startsWith("SHOW") ? COLUMNS : values[0] === 2 ? { error: { code: 1062, message: "Duplicate entry '2'" } } : { affectedRows: 1 },
  );
  const items = [{ id: 1 }, { id: 2 }, { id: 3 }];
  await expect(run(fake, { operation: "insert", table: "orders" }, { items, continueOnFail: true })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("Duplicate entry '2' [ER_DUP_ENTRY]"),
  });
  expect(fake.statements.at(-1)?.sql).toBe("ROLLBACK");
  const { outputs } = await run(fake, { operation: "insert", table: "orders", batching: "each" }, { items, continueOnFail: true });
  expect(outputs[0]?.map(({ error }) => error?.name ?? null)).toEqual([null, "FatalError", null]);
});

it("says what is wrong and where, and leaves no connection open", async () => {
  const fake = await server((sql) =>
    sql === "hang"
      ? "silence"
      : { columns: [{ name: "n", type: Types.LONG }], rows: Array.from({ length: 20 }, (_, index) => [String(index)]) },
  );
  await expect(run(fake, { query: "x" }, {}, { user: "nobody" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("Access denied for user 'nobody'"),
  });
  await expect(run(fake, { query: "x" }, {}, { ssl: "true" })).rejects.toMatchObject({ hint: expect.stringContaining('"ssl"') });
  await expect(run(fake, { query: "many", maxRows: 10 })).rejects.toThrow("more than 10 rows");
  await expect(run(fake, { query: "hang", timeoutSeconds: 1 })).rejects.toThrow("no answer within 1 s");
  const cancel = new AbortController();
  const running = expect(run(fake, { query: "hang" }, { signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => fake.statements.filter(({ sql }) => sql === "hang").length).toBe(2);
  cancel.abort();
  await running;
  await expect(run(fake, { query: "x" }, { connect: createConnect({ allowlist: [] }) })).rejects.toThrow("not allowed");
  await expect.poll(() => fake.open()).toBe(0);
});
