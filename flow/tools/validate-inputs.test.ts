import { describe, expect, test } from "vitest";
import { actionParameterSchema, coerceInputs, inputSchemaSchema } from "./input-schema";
import { inputErrorBody, validateInputs } from "./validate-inputs";

const parameters = inputSchemaSchema.parse([
  { name: "title", label: "Ticket Title", type: "string", required: true, control: "text", validation: { min: 3, max: 100 } },
  { name: "priority", type: "enum", options: ["low", "medium", "high"], required: true, control: "select", default: "medium" },
  { name: "assignee_email", type: "string", required: false, validation: { email: true } },
  { name: "due_date", type: "string", required: false, validation: { pattern: "^\\d{4}-\\d{2}-\\d{2}$" } },
  { name: "link", type: "string", required: false, validation: { url: true } },
  { name: "count", type: "number", required: false, validation: { min: 0, max: 999 } },
  { name: "urgent", type: "boolean", required: false },
  { name: "tags", type: "array", required: false },
  {
    name: "meta",
    type: "object",
    required: false,
    schema: { type: "object", required: ["id"], properties: { id: { type: "integer" }, kind: { enum: ["a", "b"] } } },
  },
]);

const errorsOf = (inputs: object) => validateInputs(parameters, inputs).issues;

describe("the inputs of an action", () => {
  test("pass with their defaults filled in, without what is none of them", () => {
    expect(validateInputs(parameters, { title: "Broken", extra: 1, meta: { id: 1, more: true } })).toEqual({
      inputs: { title: "Broken", priority: "medium", meta: { id: 1, more: true } },
    });
  });

  test("are refused in the documented words", () => {
    const { issues = [] } = validateInputs(parameters, { title: "ab", priority: "urgent" });
    expect(inputErrorBody(issues)).toEqual({
      statusCode: 400,
      message: "Input validation failed",
      error: "Bad Request",
      errors: [
        { field: "title", message: "String must contain at least 3 character(s)", code: "too_small" },
        {
          field: "priority",
          message: "Invalid enum value. Expected 'low' | 'medium' | 'high', received 'urgent'",
          code: "invalid_enum_value",
        },
      ],
    });
  });

  test.each([
    [{}, "title", "Required", "invalid_type"],
    [{ title: 5 }, "title", "Expected string, received number", "invalid_type"],
    [{ title: "x".repeat(101) }, "title", "String must contain at most 100 character(s)", "too_big"],
    [{ title: "abc", assignee_email: "nobody" }, "assignee_email", "Invalid email", "invalid_string"],
    [{ title: "abc", link: "no url" }, "link", "Invalid url", "invalid_string"],
    [{ title: "abc", due_date: "soon" }, "due_date", "Invalid: must match the pattern ^\\d{4}-\\d{2}-\\d{2}$", "invalid_string"],
    [{ title: "abc", count: -1 }, "count", "Number must be greater than or equal to 0", "too_small"],
    [{ title: "abc", count: 1000 }, "count", "Number must be less than or equal to 999", "too_big"],
    [{ title: "abc", urgent: "yes" }, "urgent", "Expected boolean, received string", "invalid_type"],
    [{ title: "abc", tags: {} }, "tags", "Expected array, received object", "invalid_type"],
    [{ title: "abc", meta: [] }, "meta", "Expected object, received array", "invalid_type"],
    [{ title: "abc", meta: {} }, "meta.id", "Required", "invalid_type"],
    [{ title: "abc", meta: { id: 1.5 } }, "meta.id", "Expected integer, received number", "invalid_type"],
    [
      { title: "abc", meta: { id: 1, kind: "c" } },
      "meta.kind",
      "Invalid enum value. Expected 'a' | 'b', received 'c'",
      "invalid_enum_value",
    ],
  ])("%j is refused at %s", (inputs, field, message, code) => {
    expect(errorsOf(inputs)).toEqual([{ field, message, code }]);
  });

  test("of another kind than an object are refused as a whole", () => {
    expect(validateInputs(parameters, [1]).issues).toEqual([
      { field: "inputs", message: "Expected object, received array", code: "invalid_type" },
    ]);
  });

  test("cannot make a pattern work for ever", () => {
    const slow = inputSchemaSchema.parse([{ name: "a", type: "string", required: true, validation: { pattern: "^(a+)+(?=b)$" } }]);
    expect(validateInputs(slow, { a: `${"a".repeat(40)}c` }).issues).toHaveLength(1);
  });

  test("that come as text are read as what they are to be", () => {
    expect(
      coerceInputs(parameters, { title: 7, count: "5", urgent: "true", tags: '["a"]', meta: '{"id":1}', due_date: "", link: null }),
    ).toEqual({ title: "7", count: 5, urgent: true, tags: ["a"], meta: { id: 1 } });
    expect(coerceInputs(parameters, { count: "many", tags: "a" })).toEqual({ count: "many", tags: "a" });
  });
});

describe("a parameter", () => {
  test.each([
    [{ name: "__proto__", type: "string" }, "is a reserved name"],
    [{ name: "a", type: "enum", options: [] }, "an enum needs at least one option"],
    [{ name: "a", type: "string", validation: { pattern: "(" } }, "is not a regular expression"],
    [{ name: "a", type: "number", validation: { min: 2, max: 1 } }, "must not be more than max"],
  ])("%j is refused: %s", (parameter, message) => {
    expect(actionParameterSchema.safeParse(parameter).error?.issues[0]?.message).toBe(message);
  });

  test("is refused when its name is taken", () => {
    const twice = [
      { name: "a", type: "string" },
      { name: "a", type: "number" },
    ];
    expect(inputSchemaSchema.safeParse(twice).error?.issues[0]?.message).toBe('"a" is there twice');
  });
});
