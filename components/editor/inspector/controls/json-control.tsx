"use client";
import { json } from "@codemirror/lang-json";
import { useState } from "react";
import { FieldError } from "@/components/ui/form-field";
import type { Json } from "@/flow/item";
import { CodeMirror } from "../expression/code-mirror";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";
import { codeExtensions } from "./code-extensions";

const problemIn = (text: string): string | null => {
  if (text.trim() === "") return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "This is not JSON";
  }
};

/** JSON as text. A parameter that must be an object or a list follows once the text is one; any other keeps what is typed. */
export function JsonControl({ field, value, onChange, label, describedBy, invalid }: ControlProps) {
  const { readOnly } = useForm();
  const isText = field.valueType !== "object" && field.valueType !== "array";
  const [extensions] = useState(() => codeExtensions(json(), field.hints.placeholder));
  const [typed, setTyped] = useState<string | null>(null);
  const stored = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value, null, 2);
  const shown = isText ? stored : (typed ?? stored);
  const problem = problemIn(shown);
  const change = (text: string) => {
    if (isText) return onChange(text);
    // The text stays as it was typed: spaces and line breaks are the person's.
    setTyped(text);
    if (text.trim() === "") onChange(undefined);
    else if (problemIn(text) === null) onChange(JSON.parse(text) as Json);
  };
  return (
    <div className="grid grid-cols-1 gap-1">
      <CodeMirror
        value={shown}
        onChange={change}
        label={label}
        describedBy={describedBy}
        invalid={invalid || problem !== null}
        readOnly={readOnly}
        extensions={extensions}
        className="overflow-hidden rounded-md border border-input bg-field shadow-xs focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/30 [&_.cm-editor]:max-h-80 [&_.cm-editor]:min-h-24"
      />
      {problem ? <FieldError>{`Not JSON yet: ${problem}`}</FieldError> : null}
    </div>
  );
}
