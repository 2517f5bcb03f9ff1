import { expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { adding, given, runFlow } from "./run-flow";

/** Texts that would do something if they were taken for templates, code or names. */
const HOSTILE = [
  "={{ 6 * 7 }}",
  "{{ 6 * 7 }}",
  "=",
  "={{ $env }}",
  "{{ constructor.constructor('return process')() }}",
  "={{ $('Start').all() }}",
  "${6 * 7}",
  "\\{{ 1 }}",
  "$json.secret",
  "__proto__",
];
const at = (x: number): [number, number] => [x, 0];

test("braces that arrive as data stay what they are through many nodes", async () => {
  const items: JsonObject[] = HOSTILE.map((text) => ({ text, list: [text], deep: { [text]: text } }));
  const run = await runFlow(
    {
      Copy: adding({ copied: "={{ $json.text }}", joined: "=<{{ $json.text }}>", from: "={{ $('Start').item.json.text }}" }, at(1)),
      Split: { type: "split-out", at: at(3), parameters: { fieldToSplitOut: "list", include: "allOtherFields" } },
      Again: adding({ again: "={{ $json.copied }}", nested: "={{ $json.deep }}", keys: "={{ Object.keys($json.deep) }}" }, at(4), "string"),
      Route: {
        type: "if",
        at: at(5),
        parameters: {
          conditions: {
            conditions: [{ leftValue: "={{ $json.copied }}", rightValue: "42", operator: { type: "string", operation: "equals" } }],
          },
        },
      },
    },
    ["Start -> Copy", "Copy -> Split", "Split -> Again", "Again -> Route"],
    items,
  );
  expect(run.error ?? null).toBeNull();
  expect(given(run, "Route#0", 0)).toEqual([]);
  const out = given(run, "Route#0", 1) ?? [];
  for (const [index, text] of HOSTILE.entries()) {
    expect(out[index]).toMatchObject({ text, list: text, copied: text, joined: `<${text}>`, from: text, again: text });
  }
});

test("names of fields that arrive as data are no prototypes", async () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":{"polluted":1}}}');
  const run = await runFlow(
    {
      Fields: {
        type: "set",
        at: at(1),
        parameters: {
          include: "all",
          fields: [
            { name: "constructor.prototype.polluted", type: "string", value: "1" },
            { name: "a.b.__proto__", type: "string", value: "1" },
          ],
        },
        settings: { onError: "continue" },
      },
      More: adding({ copy: "={{ Object.assign({}, $json) }}", merged: "={{ ({ ...$json, ...$json.a }) }}" }, at(2)),
    },
    ["Start -> Fields", "Fields -> More"],
    [hostile],
  );
  expect(given(run, "More#0")).toHaveLength(1);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(([] as { polluted?: unknown }).polluted).toBeUndefined();
  expect((() => 1) as { polluted?: unknown }).not.toHaveProperty("polluted");
});
