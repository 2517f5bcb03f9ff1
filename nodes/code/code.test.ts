import { afterAll, describe, expect, it } from "vitest";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { Sandbox } from "@/flow/node/context";
// The real sandbox: what this node promises only shows when its prelude runs. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest, type TestVisit } from "../testing/execute";

const sandbox = createSandbox({ size: 2 });
afterAll(() => sandbox.close());

const run = (code: string, visit: TestVisit = {}, parameters: JsonObject = {}) =>
  executeForTest("code", { sandbox, ...visit, parameters: { code, ...parameters } });
const each = (code: string, visit: TestVisit = {}) => run(code, visit, { mode: "eachItem" });
const items = [{ n: 1 }, { n: 2 }];

describe("code for all items", () => {
  it("takes items and returns items, as n8n's code does", async () => {
    expect((await run("return $input.all().map((item) => ({ json: { n: item.json.n * 10 } }))", { items })).json).toEqual([
      [{ n: 10 }, { n: 20 }],
    ]);
    expect((await run("for (const item of items) item.json.seen = true; return items", { items })).json).toEqual([
      [
        { n: 1, seen: true },
        { n: 2, seen: true },
      ],
    ]);
    expect((await run("return [{ a: 1 }, { a: 2 }]")).json).toEqual([[{ a: 1 }, { a: 2 }]]);
    expect((await run("return { a: $input.first().json.n + $input.last().json.n }", { items })).json).toEqual([[{ a: 3 }]]);
    expect((await run("return []")).json).toEqual([[]]);
  });

  it("runs as it is dropped on the canvas", async () => {
    expect((await executeForTest("code", { sandbox, items })).json).toEqual([
      [
        { n: 1, checked: true },
        { n: 2, checked: true },
      ],
    ]);
  });

  it("pairs items that it hands on with those that came in", async () => {
    const { outputs } = await run("return $input.all().reverse().filter((i) => i.json.n > 1)", {
      items: [{ n: 1 }, { n: 2 }, { json: { n: 3 }, pairedItem: { item: 9 } }],
    });
    expect(outputs[0]?.map(({ json, pairedItem }) => [json.n, pairedItem])).toEqual([
      [3, { item: 2 }],
      [2, { item: 1 }],
    ]);
    expect(
      (await run("return [{ json: {}, pairedItem: 1 }, { json: {}, pairedItem: [0, { item: 1 }] }]", { items })).outputs[0]?.map(
        ({ pairedItem }) => pairedItem,
      ),
    ).toEqual([{ item: 1 }, [{ item: 0 }, { item: 1 }]]);
  });

  it.each([
    ["return 5", "Code doesn't return items properly", "It returned a number."],
    ["return 'x'", "Code doesn't return items properly", "It returned a string."],
    ["", "Code doesn't return items properly", "It returned nothing."],
    ["return [1]", "Code doesn't return items properly", "Entry 0 of the list is a number."],
    ["return [{ json: {} }, null]", "Code doesn't return items properly", "Entry 1 of the list is nothing."],
    ["return [{ json: 5 }]", "A 'json' property isn't an object [item 0]", ""],
    ["return [{ json: {}, name: 1 }]", "Unknown top-level item key: name [item 0]", "Put it inside of 'json'."],
    ["return [{ json: {}, binary: { f: {} } }]", 'The file "f" needs a mimeType', ""],
  ])("says what is wrong with %j", async (code, message, hint) => {
    await expect(run(code)).rejects.toMatchObject({
      name: "FatalError",
      message: expect.stringContaining(message),
      ...(hint !== "" && { hint: expect.stringContaining(hint) }),
    });
  });
});

describe("code for all items that fails, in a node that goes on", () => {
  it("gives one item with the error, which is about no single one of them", async () => {
    const visit = { parameters: { code: "throw new Error('No stock')" }, items: [{ n: 1 }, { n: 2 }], sandbox, continueOnFail: true };
    const { outputs } = await executeForTest("code", visit);
    expect(outputs).toEqual([[{ json: { error: "No stock [line 1]" }, error: expect.objectContaining({ message: "No stock [line 1]" }) }]]);
    await expect(executeForTest("code", { ...visit, continueOnFail: false })).rejects.toThrow("No stock");
  });
});

describe("errors of JavaScript in items", () => {
  it.each([
    ["return nothing.here", "nothing is not defined [line 1]"],
    ["const a = {};\nreturn a.b.c", "Cannot read properties of undefined (reading 'c') [line 2]"],
    ["let a = null; a.b = 1", "Cannot set properties of null (setting 'b') [line 1]"],
    ["require('axios')", "Cannot find module 'axios' [line 1]"],
    ["throw new RangeError('too far')", "too far [line 1]"],
  ])("are worded as people know them from %j", async (code, error) => {
    const visit = { parameters: { code }, sandbox, continueOnFail: true };
    expect((await executeForTest("code", visit)).json).toEqual([[{ error }]]);
  });
});

describe("this.helpers", () => {
  const binary = { data: { mimeType: "text/csv", fileName: "a.csv", data: Buffer.from("a,b").toString("base64") } };

  it("gives the bytes of a file, and makes a file of bytes", async () => {
    const code = `const bytes = await this.helpers.getBinaryDataBuffer(0, "data");
      const made = await this.helpers.prepareBinaryData(Buffer.from(bytes.toString() + "\\n1,2"), "b.csv", "text/csv");
      return [{ json: { length: bytes.length, text: bytes.toString("utf8") }, binary: { made } }];`;
    const { outputs } = await run(code, { items: [{ json: {}, binary }] });
    expect(outputs[0]?.[0]?.json).toEqual({ length: 3, text: "a,b" });
    expect(outputs[0]?.[0]?.binary?.made).toEqual({
      mimeType: "text/csv",
      fileName: "b.csv",
      fileExtension: "csv",
      fileSize: 7,
      data: Buffer.from("a,b\n1,2").toString("base64"),
    });
  });

  it("says which file is missing, and that the code calls nobody", async () => {
    await expect(run('await this.helpers.getBinaryDataBuffer(1, "data")', { items: [{ json: {}, binary }] })).rejects.toThrow(
      'item 1 has no file "data"',
    );
    await expect(run('await this.helpers.httpRequest({ url: "https://example.com" })')).rejects.toThrow("HTTP Request node");
  });
});

describe("code for each item", () => {
  it("runs once an item, in order, and pairs", async () => {
    const { outputs } = await each("await null; $json.i = $itemIndex; return item", { items });
    expect(outputs).toEqual([
      [
        { json: { n: 1, i: 0 }, pairedItem: { item: 0 } },
        { json: { n: 2, i: 1 }, pairedItem: { item: 1 } },
      ],
    ]);
    expect((await each("return { double: $input.item.json.n * 2 }", { items })).json).toEqual([[{ double: 2 }, { double: 4 }]]);
  });

  it("leaves an item out for null", async () => {
    expect((await each("return $json.n === 1 ? null : $json", { items })).outputs).toEqual([[{ json: { n: 2 }, pairedItem: { item: 1 } }]]);
  });

  it("wants one object for each", async () => {
    await expect(each("return [item]", { items })).rejects.toThrow("Code doesn't return a single object [item 0]");
    await expect(each("", { items })).rejects.toThrow("Code doesn't return an object [item 0]");
  });

  it("is not confused by code that ends more than it began", async () => {
    await expect(each("}); return 5; (() => {", { items })).rejects.toThrow("Code doesn't return an object [item 0]");
    expect((await each("Array.prototype.push = function () { this[0] = 5 }; return {}", { items })).json).toEqual([[]]);
    await expect(each("Array.prototype.toJSON = () => 5; return {}", { items })).rejects.toThrow("end nothing that it did not begin");
  });

  it("names line and item of an error, and lets the others go on when the node does", async () => {
    const code = "if ($json.n === 2) {\n  throw new TypeError('bad');\n}\nreturn item;";
    await expect(each(code, { items })).rejects.toThrow("TypeError: bad [line 2, for item 1]");
    const { outputs } = await each(code, { items, continueOnFail: true });
    expect(outputs[0]?.map((item) => [item.json, item.error?.message])).toEqual([
      [{ n: 1 }, undefined],
      [{ error: "bad [line 2, for item 1]" }, "TypeError: bad [line 2, for item 1]"],
    ]);
  });
});

describe("what code can read", () => {
  it("has the items of other nodes by name", async () => {
    const nodes = { "My Node": [{ a: 1 }, { a: 2 }] };
    const code =
      "return { all: $('My Node').all().length, first: $('My Node').first().json.a, last: $('My Node').last().json.a, old: $node['My Node'].json.a, items: $items('My Node')[1].json.a }";
    expect((await run(code, { nodes })).json).toEqual([[{ all: 2, first: 1, last: 2, old: 1, items: 2 }]]);
    expect((await each("return { a: $('My Node').item.json.a, b: $('My Node').itemMatching(0).json.a }", { nodes, items })).json).toEqual([
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
    ]);
  });

  it("says which node it can't read, and why", async () => {
    await expect(run("return $('Nope').all()")).rejects.toThrow("Node 'Nope' hasn't been executed");
    expect((await run("return { ran: $('Nope').isExecuted }")).json).toEqual([[{ ran: false }]]);
    await expect(run("return $('No' + 'pe').all()")).rejects.toThrow("needs the node's name written out");
  });

  it("knows the execution, the flow and its own parameters", async () => {
    expect((await run("return { e: $execution.id, w: $workflow.name, r: $runIndex, m: $parameter.mode ?? null }")).json).toEqual([
      [{ e: "exec_test", w: "Test", r: 0, m: null }],
    ]);
  });

  it("has dates in the flow's zone", async () => {
    const visit: TestVisit = { now: new Date("2026-03-28T22:30:00Z"), timezone: "Europe/Berlin" };
    const code = `const spring = $now.plus({ days: 1 });
      return {
        now: $now.toISO(), today: $today.toISO(), formatted: $now.toFormat("EEEE, dd MMM yyyy 'at' HH:mm"), spring: spring.toISO(),
        month: DateTime.fromISO("2026-01-31T10:00:00").plus({ months: 1 }).toISODate(), end: $now.endOf("month").toISO(),
        diff: spring.diff($now, "hours").hours, months: DateTime.fromISO("2026-05-15").diff(DateTime.fromISO("2026-03-15"), "months").months,
        utc: $now.toUTC().toISO(), weekday: $now.weekday, week: $now.startOf("week").toISODate(), list: [$now], parsed: DateTime.fromISO("2026-07-01T10:00:00+00:00").hour,
        gap: DateTime.fromISO("2026-03-29T02:30:00").toISO(), invalid: DateTime.fromISO("nope").isValid,
      }`;
    expect((await run(code, visit)).json[0]?.[0]).toEqual({
      now: "2026-03-28T23:30:00.000+01:00",
      today: "2026-03-28T00:00:00.000+01:00",
      formatted: "Saturday, 28 Mar 2026 at 23:30",
      spring: "2026-03-29T23:30:00.000+02:00",
      month: "2026-02-28",
      end: "2026-03-31T23:59:59.999+02:00",
      diff: 23,
      months: 2,
      utc: "2026-03-28T22:30:00.000Z",
      weekday: 6,
      week: "2026-03-23",
      list: ["2026-03-28T23:30:00.000+01:00"],
      parsed: 12,
      gap: "2026-03-29T03:30:00.000+02:00",
      invalid: false,
    });
  });

  it("gets copies: what it changes stays inside", async () => {
    const given: Item[] = [{ json: { deep: { n: 1 } } }];
    await run("$input.all()[0].json.deep.n = 2; Object.prototype.polluted = 1; return []", { items: given });
    expect(given).toEqual([{ json: { deep: { n: 1 } } }]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("takes what looks like an expression in its text and its data literally", async () => {
    expect(
      (await run("={{ 1 }}".length ? "return { a: '={{ $json.n }}', b: $json.text }" : "", { items: [{ text: "={{ 1 + 1 }}" }] })).json,
    ).toEqual([[{ a: "={{ $json.n }}", b: "={{ 1 + 1 }}" }]]);
  });
});

describe("files", () => {
  const stored = { json: {}, binary: { doc: { mimeType: "text/plain", id: "pl_1", fileSize: 3 } } };

  it("pass through, and can be made", async () => {
    expect((await run("return items", { items: [stored] })).outputs[0]?.[0]?.binary).toEqual(stored.binary);
    const made = await run("return { json: {}, binary: { f: { mimeType: 'text/plain', data: 'aGk=' } } }");
    expect(made.outputs[0]?.[0]?.binary).toEqual({ f: { mimeType: "text/plain", data: "aGk=" } });
  });

  it("can't be taken from the store by a made-up reference", async () => {
    await expect(run("items[0].binary.doc.id = 'pl_2'; return items", { items: [stored] })).rejects.toThrow(
      "stored data that this node was not given",
    );
    await expect(each("return { json: {}, binary: { f: { mimeType: 'a/b', id: 'pl_2' } } }")).rejects.toThrow("was not given");
    await expect(run("return { json: {}, binary: { f: { mimeType: 'a/b', id: { a: 1 } } } }")).rejects.toThrow("was not given");
  });
});

describe("running", () => {
  it("prints to the step's log, also before it fails", async () => {
    expect((await run("console.log('hi', { a: 1 }); console.error('oh'); return []")).logs).toEqual([
      { level: "info", message: 'hi {"a":1}' },
      { level: "error", message: "oh" },
    ]);
  });

  it("takes TypeScript", async () => {
    const code = "type Row = { n: number };\nreturn items.map((item): { json: Row } => ({ json: { n: (item.json as Row).n + 1 } }));";
    expect((await run(code, { items }, { language: "typescript" })).json).toEqual([[{ n: 2 }, { n: 3 }]]);
    expect(
      (await run("const n: number = $json.n as number;\nreturn { n: n + 1 };", { items }, { language: "typescript", mode: "eachItem" }))
        .json,
    ).toEqual([[{ n: 2 }, { n: 3 }]]);
  });

  it("hands limit and signal to the sandbox", async () => {
    const jobs: { timeoutMs?: number; signal?: AbortSignal }[] = [];
    const spy: Sandbox = {
      run: async ({ timeoutMs }, signal) => {
        jobs.push({ ...(timeoutMs !== undefined && { timeoutMs }), ...(signal && { signal }) });
        return { value: [] as Json, logs: [] };
      },
    };
    const { signal } = new AbortController();
    await run("", { sandbox: spy, signal }, { timeoutSeconds: 1.5 });
    expect(jobs).toEqual([{ timeoutMs: 1500, signal }]);
    await expect(run("for (;;);", {}, { timeoutSeconds: 0.2 })).rejects.toThrow("The code ran longer than 0.2 s and was stopped");
  });
});
