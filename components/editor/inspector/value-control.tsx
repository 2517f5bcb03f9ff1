"use client";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import type { Json } from "@/flow/item";
import { TemplateField } from "./expression/template-field";
import { EXPRESSION_DRAG_TYPE, useForm } from "./form-context";
import { emptyValue, type FieldModel, isExpression } from "./form-model";

export interface ControlProps {
  field: FieldModel;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  /** Accessible name. */
  label: string;
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  /** What code in it is written in, where another field says so. */
  language?: string | undefined;
}

const asTemplate = (field: FieldModel, value: Json | undefined): string => {
  if (value === undefined || value === null || field.control === "select" || field.control === "switch") return "=";
  return `=${typeof value === "string" ? value : JSON.stringify(value)}`;
};

const isOneTemplate = (text: string): boolean => /^=\s*$/.test(text);

/**
 * One value: its control while it is fixed, an expression's editor once it is an expression. `toggle` gets the switch
 * between the two, to be put beside the label.
 */
export function useValueControl(
  props: ControlProps,
  fixed: (props: ControlProps) => ReactNode,
): { control: ReactNode; toggle: ReactNode | null } {
  const { field, value, onChange, label, id, describedBy, invalid } = props;
  const { readOnly } = useForm();
  const expression = field.allowsExpression && isExpression(value);
  // An expression that the person has just asked for takes the cursor; one that was there does not.
  const [justSwitched, setJustSwitched] = useState(false);
  // What stood there before, for whoever switches there and back.
  const before = useRef<Json | undefined>(undefined);

  const toExpression = (template: string) => {
    before.current = value;
    setJustSwitched(true);
    onChange(template);
  };
  const toFixed = () => {
    const text = typeof value === "string" ? value.slice(1) : "";
    setJustSwitched(false);
    if (before.current !== undefined && !isExpression(before.current)) onChange(before.current);
    else if (["text", "textarea", "password"].includes(field.control) && !text.includes("{{")) onChange(text);
    else onChange(field.defaultValue === undefined || isExpression(field.defaultValue) ? emptyValue(field) : field.defaultValue);
  };

  const onDrop = (event: DragEvent) => {
    const source = event.dataTransfer.getData(EXPRESSION_DRAG_TYPE);
    if (source === "" || readOnly || !field.allowsExpression) return;
    event.preventDefault();
    event.stopPropagation();
    const kept = typeof value === "string" && value !== "" && ["text", "textarea"].includes(field.control) ? value : "";
    toExpression(`=${kept}{{ ${source} }}`);
  };

  const toggle = field.allowsExpression ? (
    <fieldset className="flex rounded-md bg-subtle p-0.5 text-[11px] leading-4" disabled={readOnly}>
      <legend className="sr-only">{`${label}: how it is given`}</legend>
      <Choice active={!expression} onClick={() => expression && toFixed()} label={`${label}: fixed value`}>
        Fixed
      </Choice>
      <Choice active={expression} onClick={() => expression || toExpression(asTemplate(field, value))} label={`${label}: expression`}>
        Expression
      </Choice>
    </fieldset>
  ) : null;

  const control = expression ? (
    <TemplateField
      value={value}
      onChange={onChange}
      label={label}
      multiline={field.control === "textarea" || field.control === "json" || field.control === "code"}
      placeholder={isOneTemplate(value) ? "{{ $json.field }}" : undefined}
      describedBy={describedBy}
      invalid={invalid}
      autoFocus={justSwitched}
    />
  ) : (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for what can be typed
    <div
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(EXPRESSION_DRAG_TYPE) && field.allowsExpression && !readOnly) event.preventDefault();
      }}
      onDrop={onDrop}
    >
      {fixed({
        ...props,
        id,
        onChange: (next) => {
          // Braces typed into a plain text mean an expression.
          if (
            field.allowsExpression &&
            typeof next === "string" &&
            ["text", "textarea", "json"].includes(field.control) &&
            next.includes("{{")
          ) {
            setJustSwitched(true);
            onChange(next.endsWith("{{") ? `=${next}}}` : `=${next}`);
          } else onChange(next);
        },
      })}
    </div>
  );
  return { control, toggle };
}

function Choice({ active, onClick, label, children }: { active: boolean; onClick: () => void; label: string; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={active}
      onClick={onClick}
      className={cn(
        "cursor-pointer rounded px-1.5 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
        active && "bg-raised text-foreground shadow-xs",
      )}
    >
      {children}
    </button>
  );
}
