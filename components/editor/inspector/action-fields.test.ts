import { expect, test } from "vitest";
import { inputSchemaSchema } from "@/flow/tools/input-schema";
import { actionFields } from "./action-fields";

test("every kind of input has a control, and may be an expression", () => {
  const fields = actionFields(
    inputSchemaSchema.parse([
      { name: "due_date", type: "string", required: true, description: "When" },
      { name: "body", label: "Text", type: "string", control: "textarea" },
      { name: "file", type: "string", control: "file" },
      { name: "count", type: "number", validation: { min: 1, max: 5 } },
      { name: "urgent", type: "boolean", default: true },
      { name: "state", type: "enum", options: ["open", "done"], control: "select" },
      { name: "labels", type: "array" },
      { name: "meta", type: "object" },
    ]),
  );
  expect(fields.map(({ title, control, valueType }) => [title, control, valueType])).toEqual([
    ["Due date", "text", "string"],
    ["Text", "textarea", "string"],
    ["File", "text", "string"],
    ["Count", "number", "number"],
    ["Urgent", "switch", "boolean"],
    ["State", "select", "string"],
    ["Labels", "json", "array"],
    ["Meta", "json", "object"],
  ]);
  expect(fields.every(({ allowsExpression }) => allowsExpression)).toBe(true);
  expect(fields.map(({ required }) => required)).toEqual([true, false, false, false, false, false, false, false]);
  expect(fields[5]?.options?.map(({ label }) => label)).toEqual(["Not set", "open", "done"]);
  expect(fields[3]).toMatchObject({ minimum: 1, maximum: 5 });
});

test("of many inputs, those that are not needed are folded away", () => {
  const many = inputSchemaSchema.parse(
    Array.from({ length: 10 }, (_, index) => ({ name: `n${index}`, type: "string", required: index === 0 })),
  );
  expect(actionFields(many).map(({ hints }) => hints.advanced === true)).toEqual([false, ...Array.from({ length: 9 }, () => true)]);
});
