"use client";
import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { FieldError } from "@/components/ui/form-field";
import { InlineCode } from "@/components/ui/inline-code";
import { Switch } from "@/components/ui/switch";
import type { Json, JsonObject } from "@/flow/item";
import type { ConditionType } from "@/flow/node/condition-operands";
import { CONDITION_OPERATORS } from "@/flow/node/condition-operators";
import { newId } from "../../state/new-id";
import { useForm } from "../form-context";
import { type FieldModel, isExpression } from "../form-model";
import { SimpleField } from "../parameter-field";
import { type Path, pathText, withValue } from "../paths";
import { fixedFor, readConditions, withOperator } from "./conditions-model";

const TYPES: readonly { value: ConditionType; label: string }[] = [
  { value: "string", label: "Text" },
  { value: "number", label: "Number" },
  { value: "dateTime", label: "Date" },
  { value: "boolean", label: "Boolean" },
  { value: "array", label: "List" },
  { value: "object", label: "Object" },
];

const COMBINATORS = [
  { value: "and", label: "and" },
  { value: "or", label: "or" },
] as const;

const valueField = (title: string, type: ConditionType | "any"): FieldModel => ({
  name: "value",
  title,
  control: type === "number" ? "number" : type === "boolean" ? "switch" : "text",
  valueType: type === "number" || type === "boolean" ? type : "any",
  defaultValue: type === "number" ? 0 : type === "boolean" ? true : "",
  required: false,
  allowsExpression: true,
  hints: { placeholder: title === "Value" ? "{{ $json.field }}" : undefined } as FieldModel["hints"],
});

/** Conditions that are joined by and / or: value, operation, compared with. */
export function ConditionsControl({ field, value, path }: { field: FieldModel; value: Json | undefined; path: Path }) {
  const { set, readOnly, problemOf } = useForm();
  const { combinator, conditions, options } = readConditions(value);
  const root: JsonObject = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  const change = (at: Path, next: Json | undefined) => set(path, withValue(root, at, next));
  const problem = problemOf(pathText(path)) ?? problemOf(pathText([...path, "conditions"]));

  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-2">
      <legend className="mb-1.5 font-medium text-sm">{field.title}</legend>
      {field.description ? (
        <p className="-mt-1 text-muted-foreground text-xs">
          <InlineCode text={field.description} />
        </p>
      ) : null}
      {conditions.map((condition, index) => {
        const { type, operation } = condition.operator;
        const operator = CONDITION_OPERATORS[type].find((each) => each.operation === operation);
        const rightType = operator?.rightType ?? type;
        const at: Path = ["conditions", index];
        return (
          <div key={condition.id ?? index} className="grid grid-cols-1 gap-2">
            {index > 0 ? (
              <Choice
                aria-label="Combine with"
                className="h-6 w-20 justify-self-center text-xs"
                value={combinator}
                options={COMBINATORS}
                disabled={readOnly || index > 1}
                onChange={(next) => change(["combinator"], next)}
              />
            ) : null}
            <fieldset className="grid min-w-0 grid-cols-1 gap-2 rounded-lg border border-border p-2.5">
              <legend className="sr-only">{`Condition ${index + 1}`}</legend>
              <div className="flex items-start gap-1">
                <div className="min-w-0 flex-1">
                  <SimpleField
                    field={valueField("Value", "any")}
                    value={condition.leftValue}
                    path={[...path, ...at, "leftValue"]}
                    label={`Condition ${index + 1}: value`}
                    hideLabel
                    onChange={(next) => change([...at, "leftValue"], next)}
                  />
                </div>
                {readOnly ? null : (
                  <Button variant="ghost" size="icon" aria-label={`Remove condition ${index + 1}`} onClick={() => change(at, undefined)}>
                    <Trash2 aria-hidden="true" />
                  </Button>
                )}
              </div>
              <div className="flex gap-2">
                <Choice
                  aria-label={`Condition ${index + 1}: type`}
                  className="w-28 shrink-0"
                  value={type}
                  options={TYPES}
                  disabled={readOnly}
                  onChange={(next) => change(at, withOperator(condition, next, undefined))}
                />
                <Choice
                  aria-label={`Condition ${index + 1}: operation`}
                  value={operation}
                  options={CONDITION_OPERATORS[type].map((each) => ({ value: each.operation, label: each.label }))}
                  disabled={readOnly}
                  onChange={(next) => change(at, withOperator(condition, type, next))}
                  placeholder={`${operation} (unknown)`}
                />
              </div>
              {operator?.unary ? null : (
                <SimpleField
                  field={valueField("Compared with", rightType)}
                  value={isExpression(condition.rightValue) ? condition.rightValue : fixedFor(rightType, condition.rightValue)}
                  path={[...path, ...at, "rightValue"]}
                  label={`Condition ${index + 1}: compared with`}
                  hideLabel
                  onChange={(next) => change([...at, "rightValue"], next)}
                />
              )}
            </fieldset>
          </div>
        );
      })}
      {problem ? <FieldError>{problem}</FieldError> : null}
      {readOnly ? null : (
        <Button
          size="sm"
          className="justify-self-start"
          onClick={() =>
            change(["conditions", conditions.length], {
              id: newId(),
              leftValue: "",
              operator: { type: "string", operation: "equals" },
              rightValue: "",
            })
          }
        >
          <Plus aria-hidden="true" />
          Add condition
        </Button>
      )}
      <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1.5 text-muted-foreground text-xs">
        <span className="flex items-center gap-2">
          <Switch
            aria-label="Ignore case"
            checked={!options.caseSensitive}
            disabled={readOnly}
            onCheckedChange={(checked) => change(["options", "caseSensitive"], !checked)}
          />
          Ignore case
        </span>
        <span className="flex items-center gap-2">
          <Switch
            aria-label="Convert types where possible"
            checked={options.typeValidation === "loose"}
            disabled={readOnly}
            onCheckedChange={(checked) => change(["options", "typeValidation"], checked ? "loose" : "strict")}
          />
          Convert types where possible
        </span>
      </div>
    </fieldset>
  );
}
