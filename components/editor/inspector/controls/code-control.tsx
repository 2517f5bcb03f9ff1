"use client";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { CodeMirror } from "../expression/code-mirror";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";
import { codeExtensions } from "./code-extensions";

export function CodeControl({ field, value, onChange, label, describedBy, invalid }: ControlProps) {
  const { readOnly } = useForm();
  const [extensions] = useState(() => codeExtensions(field.hints.language ?? "javascript", field.hints.placeholder));
  return (
    <CodeMirror
      value={typeof value === "string" ? value : ""}
      onChange={onChange}
      label={label}
      describedBy={describedBy}
      invalid={invalid}
      readOnly={readOnly}
      extensions={extensions}
      className={cn(
        "overflow-hidden rounded-md border border-input bg-field shadow-xs focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/30 [&_.cm-editor]:max-h-[min(60vh,36rem)] [&_.cm-editor]:min-h-44",
        invalid && "border-destructive",
      )}
    />
  );
}
