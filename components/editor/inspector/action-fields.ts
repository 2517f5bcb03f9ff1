import type { ActionParameter } from "@/flow/tools/input-schema";
import { type FieldControl, type FieldModel, titleFromName } from "./form-model";

/** Optional inputs beyond so many are folded away. */
const MANY = 8;

const CONTROLS: Record<string, FieldControl> = {
  text: "text",
  textarea: "textarea",
  password: "password",
  select: "select",
  checkbox: "switch",
  number: "number",
};

function controlOf({ type, control, options }: ActionParameter): FieldControl {
  if (type === "array" || type === "object") return "json";
  if (type === "boolean") return "switch";
  if (type === "enum") return "select";
  if (type === "number") return "number";
  const wanted = control === undefined ? undefined : CONTROLS[control];
  return wanted === undefined || wanted === "switch" || wanted === "number" || (wanted === "select" && !options) ? "text" : wanted;
}

const VALUE_TYPES = { string: "string", enum: "string", number: "number", boolean: "boolean", array: "array", object: "object" } as const;

/** The form of an action's inputs, in the order of its schema. Every field may be an expression. */
export function actionFields(parameters: readonly ActionParameter[]): FieldModel[] {
  const folds = parameters.length > MANY;
  return parameters.map((parameter): FieldModel => {
    const { name, label, description, type, required, options, validation } = parameter;
    const choices = type === "enum" ? (options ?? []).map((value) => ({ value, label: value })) : undefined;
    const about = parameter.control === "file" ? [description, "Name of the item's file."].filter(Boolean).join(" ") : description;
    return {
      name,
      title: label ?? titleFromName(name),
      control: controlOf(parameter),
      valueType: VALUE_TYPES[type],
      defaultValue: parameter.default,
      required: required && parameter.default === undefined,
      allowsExpression: true,
      hints: { ...(folds && !required && { advanced: true as const }) },
      ...(about && { description: about }),
      // What was chosen must be possible to take back.
      ...(choices && { options: required ? choices : [{ value: "", label: "Not set" }, ...choices] }),
      ...(type === "number" && validation?.min !== undefined && { minimum: validation.min }),
      ...(type === "number" && validation?.max !== undefined && { maximum: validation.max }),
    };
  });
}
