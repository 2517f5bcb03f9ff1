"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { Json } from "@/flow/item";
import type { Path } from "./paths";

/** What a template comes to for the item that is looked at. */
export type Preview =
  | { kind: "value"; value: unknown }
  | { kind: "error"; message: string }
  /** Nothing to compute it from: the nodes before have not run. */
  | { kind: "none"; reason: string }
  | { kind: "loading" };

/** What the text after the cursor may go on with. */
export interface Completions {
  /** The current item's json. */
  json: Json | undefined;
  nodeNames: readonly string[];
  /** First item of a node's output, where it is known. */
  jsonOf: (nodeName: string) => Json | undefined;
  /** What this field knows besides: names, each with a few words. */
  roots?: Readonly<Record<string, string>> | undefined;
}

export interface FormEnvironment {
  readOnly: boolean;
  /** Why a field is wrong, by its path's text; undefined when it is right. */
  problemOf: (path: string) => string | undefined;
  preview: (template: string) => Preview;
  completions: Completions;
  set: (path: Path, value: Json | undefined) => void;
}

const FormContext = createContext<FormEnvironment | null>(null);

export function FormProvider({ value, children }: { value: FormEnvironment; children: ReactNode }) {
  return <FormContext value={value}>{children}</FormContext>;
}

export function useForm(): FormEnvironment {
  const form = useContext(FormContext);
  if (!form) throw new Error("Outside of a FormProvider");
  return form;
}

/** Drag data of a value on its way from the data panels into a field: the expression's source, `$json.total`. */
export const EXPRESSION_DRAG_TYPE = "application/x-tolstoy-expression";
/** With it: the name that a new field for the value would have. */
export const NAME_DRAG_TYPE = "application/x-tolstoy-name";
