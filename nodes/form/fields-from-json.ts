import { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { FormField } from "@/flow/forms/form-page";
import { fieldOfN8n, isN8nField } from "@/flow/forms/n8n-field";
import type { JsonObject } from "@/flow/item";
import { formField } from "../form-fields";

const MOST_FIELDS = 200;
const NAME = "fieldsJson";

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Options as a text or a list. */
const lenientField = z.preprocess(
  (field) => (isObject(field) && Array.isArray(field.options) ? { ...field, options: field.options.map(String).join("\n") } : field),
  formField,
);

/**
 * Fields that are described as JSON: ours by their names, or n8n's.
 * @throws ParameterError that says which one is wrong
 */
export function fieldsFromJson(given: unknown): FormField[] {
  let value = given;
  if (typeof given === "string") {
    try {
      value = given.trim() === "" ? [] : JSON.parse(given);
    } catch (cause) {
      throw new ParameterError(NAME, `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  if (!Array.isArray(value)) throw new ParameterError(NAME, "is not a list of fields");
  if (value.length > MOST_FIELDS) throw new ParameterError(NAME, `has ${value.length} fields; at most ${MOST_FIELDS} fit on a page`);
  return value.map((entry: unknown, index) => {
    if (!isObject(entry)) throw new ParameterError(`${NAME}[${index}]`, 'is not a field, like { "label": "Name", "type": "text" }');
    const { field, unknownType } = isN8nField(entry) ? fieldOfN8n(entry) : { field: entry, unknownType: undefined };
    if (unknownType !== undefined) throw new ParameterError(`${NAME}[${index}]`, `"${unknownType}" is no kind of field`);
    const parsed = lenientField.safeParse(field);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new ParameterError(`${NAME}[${index}].${issue?.path.join(".") ?? ""}`, issue?.message ?? "is no field");
  });
}
