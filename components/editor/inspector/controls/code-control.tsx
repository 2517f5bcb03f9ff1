"use client";
import { useEffect, useMemo, useState } from "react";
import { cn } from "@/components/ui/cn";
import { CodeMirror } from "../expression/code-mirror";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";
import { codeExtensions } from "./code-extensions";
import { grammarOf, loadGrammar } from "./code-grammars";

export function CodeControl({ field, value, onChange, label, describedBy, invalid, language: chosen }: ControlProps) {
  const { readOnly } = useForm();
  const language = chosen ?? field.hints.language ?? "javascript";
  const [loaded, setLoaded] = useState<Awaited<ReturnType<typeof loadGrammar>>>(null);
  useEffect(() => {
    let wanted = true;
    // Without its grammar code is still code: only the colours are missing.
    void loadGrammar(language).then(
      (grammar) => wanted && setLoaded(grammar),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [language]);
  const { placeholder } = field.hints;
  const extensions = useMemo(() => {
    const grammar = grammarOf(language) ?? (loaded?.language === language ? loaded.extension : []);
    return codeExtensions(grammar, placeholder);
  }, [language, loaded, placeholder]);
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
