import { z } from "zod";
import type { Json, JsonObject } from "../item";
import type { ActionParameter } from "./input-schema";
import { nestedIssues } from "./nested-schema";
import { matchesPattern } from "./pattern";

/** One thing that is wrong with the inputs of an action. */
export interface InputIssue {
  /** Path of the input: `title`, `items[0].price`. */
  field: string;
  message: string;
  code: string;
}

/** What a call with wrong inputs is answered with. */
export interface InputErrorBody {
  statusCode: 400;
  message: "Input validation failed";
  error: "Bad Request";
  errors: InputIssue[];
}

export const inputErrorBody = (errors: InputIssue[]): InputErrorBody => ({
  statusCode: 400,
  message: "Input validation failed",
  error: "Bad Request",
  errors,
});

const compiled = new WeakMap<readonly ActionParameter[], z.ZodObject>();

/** The inputs of an action as a zod schema. The same schema for the same list. */
export function compileInputSchema(parameters: readonly ActionParameter[]): z.ZodObject {
  const known = compiled.get(parameters);
  if (known) return known;
  const shape: Record<string, z.ZodType> = {};
  for (const parameter of parameters) {
    const schema = schemaOf(parameter);
    shape[parameter.name] =
      parameter.default !== undefined ? schema.default(parameter.default) : parameter.required ? schema : schema.optional();
  }
  const object = z.object(shape);
  compiled.set(parameters, object);
  return object;
}

function schemaOf(parameter: ActionParameter): z.ZodType {
  switch (parameter.type) {
    case "string":
      return textSchema(parameter);
    case "number": {
      const { min, max } = parameter.validation ?? {};
      let schema = z.number();
      if (min !== undefined) schema = schema.min(min, `Number must be greater than or equal to ${min}`);
      if (max !== undefined) schema = schema.max(max, `Number must be less than or equal to ${max}`);
      return schema;
    }
    case "boolean":
      return z.boolean();
    case "enum":
      return z.enum(parameter.options ?? []);
    case "array":
      return nested(z.array(z.unknown()), parameter);
    case "object":
      return nested(z.record(z.string(), z.unknown()), parameter);
  }
}

function textSchema({ validation: { min, max, pattern, email, url } = {} }: ActionParameter): z.ZodType {
  let schema = z.string();
  if (min !== undefined) schema = schema.min(min, `String must contain at least ${min} character(s)`);
  if (max !== undefined) schema = schema.max(max, `String must contain at most ${max} character(s)`);
  return schema.superRefine((text, context) => {
    const refuse = (message: string): void => context.addIssue({ code: "custom", message, params: { code: "invalid_string" } });
    if (email && !z.email().safeParse(text).success) refuse("Invalid email");
    if (url && !URL.canParse(text)) refuse("Invalid url");
    if (pattern !== undefined && !matchesPattern(pattern, text)) refuse(`Invalid: must match the pattern ${pattern}`);
  });
}

const nested = (schema: z.ZodType, { schema: inner }: ActionParameter): z.ZodType =>
  inner
    ? schema.superRefine((value, context) => {
        for (const { path, message, code } of nestedIssues(inner, value as Json)) {
          context.addIssue({ code: "custom", path, message, params: { code } });
        }
      })
    : schema;

/**
 * Inputs checked against an action's parameters, with defaults filled in. What is no input of the action is left out.
 * @returns the inputs, or what is wrong with them
 */
export function validateInputs(
  parameters: readonly ActionParameter[],
  inputs: unknown,
): { inputs: JsonObject; issues?: undefined } | { inputs?: undefined; issues: InputIssue[] } {
  const result = compileInputSchema(parameters).safeParse(inputs ?? {});
  if (result.success) return { inputs: result.data as JsonObject };
  return { issues: result.error.issues.slice(0, 100).map((issue) => describe(issue, inputs)) };
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`),
    "",
  );

const EXPECTED: Record<string, string> = { record: "object" };

function describe(issue: z.core.$ZodIssue, inputs: unknown): InputIssue {
  const value = issue.path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null && Object.hasOwn(found, key) ? (found as Record<PropertyKey, unknown>)[key] : undefined,
    inputs,
  );
  const field = pathText(issue.path) || "inputs";
  if (value === undefined && (issue.code === "invalid_type" || issue.code === "invalid_value")) {
    return { field, message: "Required", code: "invalid_type" };
  }
  if (issue.code === "invalid_type") {
    const received = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
    return { field, message: `Expected ${EXPECTED[issue.expected] ?? issue.expected}, received ${received}`, code: issue.code };
  }
  if (issue.code === "invalid_value") {
    const expected = issue.values.map((option) => `'${String(option)}'`).join(" | ");
    const received = typeof value === "string" ? `'${value.slice(0, 100)}'` : JSON.stringify(value)?.slice(0, 100);
    return { field, message: `Invalid enum value. Expected ${expected}, received ${received}`, code: "invalid_enum_value" };
  }
  const code = issue.code === "custom" && typeof issue.params?.code === "string" ? issue.params.code : issue.code;
  return { field, message: issue.message, code };
}
