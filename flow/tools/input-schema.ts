import { z } from "zod";
import type { Json, JsonObject } from "../item";
import { jsonObjectSchema } from "../json-schema";
import { isPattern } from "./pattern";

export const PARAMETER_TYPES = ["string", "number", "boolean", "enum", "array", "object"] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** Names that an assignment somewhere would take for a prototype. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** Whether an input can't be called that. */
export const isReservedName = (name: string): boolean => RESERVED.has(name);

const nameSchema = z
  .string()
  .min(1, "must not be empty")
  .max(200)
  .refine((name) => !isReservedName(name), "is a reserved name")
  .refine((name) => !/[{}\r\n]/.test(name), "must not contain braces or line breaks");

const json = z.custom<Json>((value) => value !== undefined, "must be JSON");

const validationSchema = z.object({
  /** Characters of a text, or the least value of a number. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Regular expression that must match somewhere in the text. */
  pattern: z.string().max(1000).optional(),
  email: z.boolean().optional(),
  url: z.boolean().optional(),
});

/** One input of an action, described as data: what its form shows and what a call is checked against. */
export const actionParameterSchema = z
  .object({
    /** Key of the value among the inputs. */
    name: nameSchema,
    type: z.enum(PARAMETER_TYPES),
    required: z.boolean().default(false),
    label: z.string().max(200).optional(),
    description: z.string().max(4000).optional(),
    /** Hint for the form: text, textarea, select, checkbox, number, password, file, … */
    control: z.string().max(40).optional(),
    default: json.optional(),
    /** Choices of an `enum`. */
    options: z.array(z.string().max(500)).max(1000).optional(),
    validation: validationSchema.optional(),
    /** JSON Schema of what is inside of an `array` or `object`. */
    schema: jsonObjectSchema.optional(),
  })
  .superRefine((parameter, context) => {
    if (parameter.type === "enum" && !parameter.options?.length) {
      context.addIssue({ code: "custom", path: ["options"], message: "an enum needs at least one option" });
    }
    const { min, max, pattern } = parameter.validation ?? {};
    if (min !== undefined && max !== undefined && min > max) {
      context.addIssue({ code: "custom", path: ["validation", "min"], message: "must not be more than max" });
    }
    if (pattern !== undefined && !isPattern(pattern)) {
      context.addIssue({ code: "custom", path: ["validation", "pattern"], message: "is not a regular expression" });
    }
  });
export type ActionParameter = z.infer<typeof actionParameterSchema>;

const MAX_PARAMETERS = 1000;

/** All inputs of an action, in the order of the form. */
export const inputSchemaSchema = z
  .array(actionParameterSchema)
  .max(MAX_PARAMETERS)
  .superRefine((parameters, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of parameters.entries()) {
      if (seen.has(name)) context.addIssue({ code: "custom", path: [index, "name"], message: `"${name}" is there twice` });
      seen.add(name);
    }
  });

/** Values of forms and query strings as their types: "5" for a number is 5. What can't be read stays as it is. */
export function coerceInputs(parameters: readonly ActionParameter[], inputs: JsonObject): JsonObject {
  const result: JsonObject = { ...inputs };
  for (const parameter of parameters) {
    if (!Object.hasOwn(result, parameter.name)) continue;
    const value = coerced(parameter, result[parameter.name] as Json);
    if (value === undefined) delete result[parameter.name];
    else result[parameter.name] = value;
  }
  return result;
}

function coerced(parameter: ActionParameter, value: Json): Json | undefined {
  const { type } = parameter;
  if (value === null) return parameter.required ? value : undefined;
  if (type === "string" || type === "enum") {
    // An optional field that was emptied again says nothing.
    if (value === "" && !parameter.required) return undefined;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  }
  if (typeof value !== "string") return value;
  if (value.trim() === "") return parameter.required ? value : undefined;
  if (type === "number") return Number.isFinite(Number(value)) ? Number(value) : value;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  try {
    const parsed = JSON.parse(value) as Json;
    if (type === "array" ? Array.isArray(parsed) : typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Not JSON: the check says what it is instead.
  }
  return value;
}
