import type { JsonObject } from "../item";
import type { FormField, FormFieldType } from "./form-page";

const TYPES: Readonly<Record<string, FormFieldType>> = {
  text: "text",
  textarea: "textarea",
  number: "number",
  email: "email",
  password: "password",
  date: "date",
  dropdown: "dropdown",
  checkbox: "checkbox",
  radio: "radio",
  file: "file",
  hiddenField: "hidden",
  html: "html",
};

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

function optionsOf({ fieldOptions }: JsonObject): string {
  const values = isObject(fieldOptions) ? fieldOptions.values : [];
  if (!Array.isArray(values)) return "";
  return values.flatMap((value) => (isObject(value) ? [text(value.option)] : [])).join("\n");
}

/** Whether an object describes a field the way n8n does. */
export const isN8nField = (field: JsonObject): boolean =>
  ["fieldLabel", "fieldType", "fieldName", "requiredField", "elementName", "fieldOptions"].some((key) => Object.hasOwn(field, key));

/** A field of a form of n8n. `unknownType` is set where its kind has no counterpart, and a text stands in for it. */
export function fieldOfN8n(field: JsonObject): { field: FormField; unknownType?: string } {
  const given = text(field.fieldType) || "text";
  const type = Object.hasOwn(TYPES, given) ? TYPES[given] : undefined;
  const several = field.multiselect === true || field.multipleFiles === true;
  // Without markup: the page shows texts only.
  const words = text(field.html)
    .replace(/<[^>]*>/g, " ")
    .trim();
  return {
    field: {
      label: text(field.fieldLabel) || text(field.elementName),
      name: text(field.fieldName),
      type: type === "dropdown" && several ? "checkbox" : (type ?? "text"),
      placeholder: text(field.placeholder),
      value: given === "html" ? words : given === "hiddenField" ? text(field.fieldValue) : text(field.defaultValue),
      options: optionsOf(field),
      multiple: type === "file" && field.multipleFiles !== false,
      accept: text(field.acceptFileTypes),
      required: field.requiredField === true,
    },
    ...(!type && { unknownType: given }),
  };
}
