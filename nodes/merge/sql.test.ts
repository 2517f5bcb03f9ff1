import { afterAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
// The real sandbox: a query is code. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest } from "../testing/execute";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

const people = [
  { id: 1, name: "Ada", age: 36 },
  { id: 2, name: "Bo", age: 20 },
];
const orders = [
  { id: 1, amount: 5 },
  { id: 1, amount: 7 },
];
const run = (query: string, inputs: JsonObject[][] = [people, orders], parameters: JsonObject = {}) =>
  executeForTest("merge", { sandbox, inputs, parameters: { mode: "sql", query, ...parameters } });
const rows = async (...given: Parameters<typeof run>) => (await run(...given)).json[0];

describe("Merge: SQL query", () => {
  //  people ──input1──┐
  //                   ├─ SELECT … FROM input1 JOIN input2 ─→
  //  orders ──input2──┘
  it("joins, groups and sorts the inputs", async () => {
    expect(await rows("SELECT * FROM input1 LEFT JOIN input2 ON input1.id = input2.id WHERE input1.id = 1")).toEqual([
      { id: 1, name: "Ada", age: 36, amount: 5 },
      { id: 1, name: "Ada", age: 36, amount: 7 },
    ]);
    expect(
      await rows(
        "SELECT name, SUM(input2.amount) AS total_amount, COUNT(*) AS n FROM input1 JOIN input2 USING id GROUP BY name ORDER BY total_amount DESC",
      ),
    ).toEqual([{ name: "Ada", total_amount: 12, n: 2 }]);
    expect(await rows("SELECT COLUMN name FROM input1 ORDER BY name DESC")).toEqual([{ value: "Bo" }, { value: "Ada" }]);
  });

  it("takes more than two inputs, and what expressions put into the query", async () => {
    const inputs = [people, orders, [{ id: 2, city: "Rome" }]];
    expect(await rows("=SELECT city FROM input3 WHERE id > {{ $json.id }}", inputs, { numberInputs: 3 })).toEqual([{ city: "Rome" }]);
  });

  it("pairs rows with what they were made from", async () => {
    const { outputs } = await run("SELECT name FROM input1");
    expect(outputs[0]?.[0]?.pairedItem).toEqual([
      { item: 0, input: 0 },
      { item: 1, input: 0 },
      { item: 0, input: 1 },
      { item: 1, input: 1 },
    ]);
  });

  it("gives nothing, or an item that says success, when nothing is found", async () => {
    expect(await rows("SELECT * FROM input1 WHERE id = 9")).toEqual([]);
    expect(await rows("SELECT * FROM input1 WHERE id = 9", undefined, { emptyResult: "success" })).toEqual([{ success: true }]);
  });

  it("gives the last of several statements", async () => {
    expect(await rows("UPDATE input1 SET age = 1 WHERE id = 1; SELECT age FROM input1")).toEqual([{ age: 1 }, { age: 20 }]);
    expect(people[0]?.age).toBe(36);
  });

  it("says what is wrong with a query", async () => {
    await expect(run("SELEC * FROM input1")).rejects.toMatchObject({
      name: "FatalError",
      message: expect.stringContaining("The query failed"),
    });
    await expect(run("SELECT * FROM nowhere")).rejects.toThrow("nowhere");
    await expect(run(" ")).rejects.toThrow('Parameter "query": is empty');
  });

  it("lets hostile queries reach neither files nor network nor the process", async () => {
    for (const query of [
      "SELECT * FROM TXT('/etc/passwd')",
      "SELECT * FROM JSON('/etc/passwd')",
      "SELECT * FROM CSV('http://127.0.0.1:1/x')",
      "SELECT * INTO CSV('/tmp/alasql-escape.csv') FROM input1",
      "REQUIRE echo",
      "SOURCE '/etc/passwd'",
      "ATTACH FILESTORAGE DATABASE x('/tmp/alasql-escape.json')",
    ]) {
      const outcome = await run(query).then(
        ({ json }) => JSON.stringify(json),
        (error: Error) => `failed: ${error.message}`,
      );
      expect(outcome, query).not.toContain("root:");
    }
    const js = (code: string) => run(`SELECT \`${code}\` AS seen FROM input1 LIMIT 1`).then(({ json }) => json[0]?.[0]?.seen, String);
    for (const code of ["typeof process", "typeof globalThis.process", "[].constructor.constructor('return typeof process')()"]) {
      expect(await js(code), code).not.toBe("object");
    }
    const fn =
      "CREATE FUNCTION own AS ``function () { return this.constructor.constructor('return process.env.PATH')() }``; SELECT own() AS x";
    const outcome = await run(fn).then(
      ({ json }) => JSON.stringify(json),
      () => "failed",
    );
    expect(outcome).not.toContain("/bin");
  });

  it("ends with the flow that waits for it", async () => {
    const stop = new AbortController();
    const running = executeForTest("merge", {
      sandbox,
      inputs: [people, orders],
      parameters: { mode: "sql", query: "SELECT `(() => { for (;;); })()` AS x FROM input1" },
      signal: stop.signal,
    });
    stop.abort();
    await expect(running).rejects.toThrow();
  });
});
