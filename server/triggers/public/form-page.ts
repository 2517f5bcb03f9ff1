import { randomUUID } from "node:crypto";
import type { FormField, FormPage } from "@/flow/forms/form-page";
import { answerPage, escapeHtml, paragraphs } from "./page";
import { controlName, optionsOf, PAGE, SUBMISSION, type Submission } from "./submission";

const attributes = (values: Record<string, string | boolean | undefined>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === true ? ` ${name}` : typeof value === "string" ? ` ${name}="${escapeHtml(value)}"` : ""))
    .join("");

export interface FormPageOptions {
  /** It starts nothing. */
  isTest?: boolean;
  /** What was sent, and what was wrong with it. */
  sent?: Submission;
  /** Which page of an execution's form it is. */
  page?: string;
  /** What somebody should know before filling it in. */
  notice?: string;
}

/** The form, with what was wrong with it when it was sent. */
export function formPage(form: FormPage, { isTest = false, sent, page, notice }: FormPageOptions): Response {
  const fields = form.fields.map((field, index) => fieldHtml(field, index, sent)).join("");
  // Sent twice, by two clicks or by going back, it is still the same submission.
  const before = sent?.given.get(SUBMISSION);
  const submission = typeof before === "string" && before !== "" ? before.slice(0, 100) : randomUUID();
  const hidden = attributes({
    type: "hidden",
    ...(page === undefined ? { name: SUBMISSION, value: submission } : { name: PAGE, value: page }),
  });
  const content =
    `<h1>${escapeHtml(form.title)}</h1>${paragraphs(form.description)}` +
    (isTest ? `<p class="note">Test: what you send goes to the editor and starts nothing.</p>` : "") +
    (notice ? `<p class="note" role="status">${escapeHtml(notice)}</p>` : "") +
    (sent ? `<p class="error" role="alert">Some answers need another look.</p>` : "") +
    `<form method="post" enctype="multipart/form-data"><input${hidden}>` +
    `${fields}<button>${escapeHtml(form.buttonLabel || "Submit")}</button></form>`;
  return answerPage({ title: form.title || "Form", content, status: sent ? 422 : 200 });
}

function fieldHtml(field: FormField, index: number, sent: Submission | undefined): string {
  if (field.type === "hidden") return "";
  if (field.type === "html") return `<div>${paragraphs(field.value || field.label)}</div>`;
  const id = controlName(index);
  const error = sent?.errors.get(index);
  const given = (sent?.given.getAll(id) ?? []).filter((value) => typeof value === "string");
  const message = error ? `<p class="error" id="${id}-error">${escapeHtml(error)}</p>` : "";
  const shared = { name: id, "aria-invalid": error ? "true" : undefined, "aria-describedby": error ? `${id}-error` : undefined };
  const mark = field.required ? ' <span aria-hidden="true">*</span>' : "";
  const isGroup = field.type === "checkbox" || field.type === "radio";
  if (isGroup) {
    const boxes = optionsOf(field).map((option) => {
      const required = field.type === "radio" && field.required;
      return `<label><input${attributes({ ...shared, type: field.type, value: option, checked: given.includes(option), required })}>${escapeHtml(option)}</label>`;
    });
    return `<fieldset><legend>${escapeHtml(field.label)}${mark}</legend>${boxes.join("")}${message}</fieldset>`;
  }
  const label = `<label for="${id}">${escapeHtml(field.label)}${mark}</label>`;
  return `<div>${label}${controlHtml(field, { ...shared, id, required: field.required }, given, sent !== undefined)}${message}</div>`;
}

type Shared = Record<string, string | boolean | undefined>;

function controlHtml(field: FormField, shared: Shared, given: string[], wasSent: boolean): string {
  const value = wasSent ? (given[0] ?? "") : field.value;
  const placeholder = field.placeholder || undefined;
  if (field.type === "textarea") return `<textarea${attributes({ ...shared, placeholder, rows: "5" })}>${escapeHtml(value)}</textarea>`;
  if (field.type === "dropdown") {
    const none = field.multiple ? "" : `<option value="">Choose</option>`;
    const options = optionsOf(field).map((option) => {
      const selected = given.includes(option);
      return `<option${attributes({ value: option, selected })}>${escapeHtml(option)}</option>`;
    });
    return `<select${attributes({ ...shared, multiple: field.multiple })}>${none}${options.join("")}</select>`;
  }
  if (field.type === "file") {
    return `<input${attributes({ ...shared, type: "file", multiple: field.multiple, accept: field.accept || undefined })}>`;
  }
  // A password is not sent back.
  const shown = field.type === "password" ? undefined : value;
  const step = field.type === "number" ? "any" : undefined;
  return `<input${attributes({ ...shared, type: field.type, placeholder, value: shown, step })}>`;
}
