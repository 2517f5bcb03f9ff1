import type { Binary } from "../item";

export type FormFieldType =
  | "text"
  | "textarea"
  | "number"
  | "email"
  | "password"
  | "date"
  | "dropdown"
  | "checkbox"
  | "radio"
  | "file"
  | "hidden"
  | "html";

/** One field of a form, as it is shown and checked. */
export interface FormField {
  label: string;
  /** Of the value; empty: the label. */
  name: string;
  type: FormFieldType;
  placeholder: string;
  value: string;
  /** One a line. */
  options: string;
  multiple: boolean;
  accept: string;
  required: boolean;
}

/** What somebody reads once there is nothing more to fill in. */
export type FormEnding =
  | { kind: "text"; title: string; text: string }
  | { kind: "redirect"; url: string }
  /** Shown as it is, apart from everything of ours. */
  | { kind: "html"; html: string }
  | { kind: "file"; title: string; text: string; file: Binary };

/** A page that an execution waits for to be filled in. */
export interface FormPage {
  title: string;
  description: string;
  fields: FormField[];
  buttonLabel: string;
  /** Shown where no further page follows; without it, the form's own words. `null`: what the last node gave, at the end. */
  ending?: FormEnding | null;
}
