import { afterAll, describe, expect, it } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
// The real sandbox: what this node promises only shows when its prelude runs. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest, type TestVisit } from "../testing/execute";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

const run = (code: string, visit: TestVisit = {}, parameters: JsonObject = {}) =>
  executeForTest("code", { sandbox, ...visit, parameters: { code, language: "python", ...parameters } });
const each = (code: string, visit: TestVisit = {}) => run(code, visit, { mode: "eachItem" });
const items = [{ n: 1 }, { n: 2 }];

describe("Python for all items", () => {
  it.each<[string, JsonObject[]]>([
    ['return [{"json": {"n": item["json"]["n"] * 10}} for item in _items]', [{ n: 10 }, { n: 20 }]],
    [
      "for item in _input.all():\n  item.json.seen = True\nreturn _input.all()",
      [
        { n: 1, seen: true },
        { n: 2, seen: true },
      ],
    ],
    ['return [{"a": _input.first().json.n, "b": _input.last()["json"]["n"]}]', [{ a: 1, b: 2 }]],
    ['return {"count": len(_items), "first": _json["n"]}', [{ count: 2, first: 1 }]],
    ["return []", []],
    [
      'import re, math, datetime\nreturn [{"x": re.sub("a", "b", "aa"), "f": math.floor(2.5), "d": datetime.date(2024, 2, 29)}]',
      [{ x: "bb", f: 2, d: "2024-02-29" }],
    ],
    ["def double(n):\n  return n * 2\ntotal = sum(double(i.json.n) for i in _input.all())\nreturn [{'total': total}]", [{ total: 6 }]],
    ['text = """\n  keeps\n    its spaces"""\nreturn [{"text": text}]', [{ text: "\n  keeps\n    its spaces" }]],
    [
      "return [{'t': (1, 2), 's': sorted({3, 1}), 'nan': float('nan'), 'none': None, 'b': True}]",
      [{ t: [1, 2], s: [1, 3], nan: null, none: null, b: true }],
    ],
    ["return [{'workflow': _workflow.name, 'run': _runIndex, 'mode': _execution['mode']}]", [{ workflow: "Test", run: 0, mode: "test" }]],
    ["return [{'now': _now.toISO()[:4] >= '2024', 'midnight': _today.hour}]", [{ now: true, midnight: 0 }]],
    ["return [{'grüße': 'ä€😀'}]", [{ grüße: "ä€😀" }]],
  ])("%j", async (code, expected) => {
    expect((await run(code, { items })).json).toEqual([expected]);
  });

  it("pairs items that it hands on with those that came in", async () => {
    const { outputs } = await run("return list(reversed(_items))", { items });
    expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 0 }]);
  });

  it.each([
    ["return 5", "Code doesn't return items properly"],
    ["x = 1", "Code doesn't return items properly"],
    ["return [1]", "Code doesn't return items properly"],
    ["return [object()]", "can't be turned into JSON"],
    ["\n\nraise ValueError('no stock')", "ValueError: no stock [line 3]"],
    ["a = 1\nreturn a +", "SyntaxError: invalid syntax [line 2]"],
    ["import numpy", "ModuleNotFoundError: No module named 'numpy' [line 1]"],
    ["return _items[0].json.missing", "AttributeError: missing [line 1]"],
  ])("says what is wrong with %j", async (code, message) => {
    await expect(run(code, { items })).rejects.toMatchObject({ name: "FatalError", message: expect.stringContaining(message) });
  });

  it("keeps what was printed", async () => {
    const { logs } = await run("print('total', 3, {'a': 1})\nimport sys\nprint('careful', file=sys.stderr)\nreturn []");
    expect(logs).toEqual([
      expect.objectContaining({ level: "info", message: "total 3 {'a': 1}" }),
      expect.objectContaining({ level: "error", message: "careful" }),
    ]);
  });
});

describe("Python for each item", () => {
  it("has the current item under n8n's names, keeps its lineage, and drops an item for None", async () => {
    const { outputs } = await each(
      "if _json.n == 1:\n  return None\nreturn {'json': {'n': _item['json']['n'], 'index': _itemIndex, 'j': _json['n']}}",
      { items },
    );
    expect(outputs).toEqual([[{ json: { n: 2, index: 1, j: 2 }, pairedItem: { item: 1 } }]] satisfies Item[][]);
  });

  it("names the item at which it failed, or goes on with the others", async () => {
    const code = "return {'x': 1 / (_json.n - 1)}";
    await expect(each(code, { items })).rejects.toThrow("ZeroDivisionError: division by zero [for item 0]");
    const { outputs } = await each(code, { items, continueOnFail: true });
    expect(outputs[0]?.map(({ json, error }) => [json, error !== undefined])).toEqual([
      [{ error: "ZeroDivisionError: division by zero [for item 0]" }, true],
      [{ x: 1 }, false],
    ]);
  });
});
