import { randomUUID } from "node:crypto";
import type { FormSettings } from "./find";
import { answerPage, escapeHtml, paragraphs } from "./page";
import { controlName, type FormField, optionsOf, SUBMISSION, type Submission } from "./submission";

const attributes = (values: Record<string, string | boolean | undefined>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === true ? ` ${name}` : typeof value === "string" ? ` ${name}="${escapeHtml(value)}"` : ""))
    .join("");

/** The form, with what was wrong with it when it was sent. */
export function formPage(settings: FormSettings, isTest: boolean, sent?: Submission): Response {
  const fields = settings.fields.map((field, index) => fieldHtml(field, index, sent)).join("");
  // Sent twice, by two clicks or by going back, it is still the same submission.
  const before = sent?.given.get(SUBMISSION);
  const submission = typeof before === "string" && before !== "" ? before.slice(0, 100) : randomUUID();
  const content =
    `<h1>${escapeHtml(settings.title)}</h1>${paragraphs(settings.description)}` +
    (isTest ? `<p class="note">Test: what you send goes to the editor and starts nothing.</p>` : "") +
    (sent ? `<p class="error" role="alert">Some answers need another look.</p>` : "") +
    `<form method="post" enctype="multipart/form-data"><input type="hidden" name="${SUBMISSION}" value="${escapeHtml(submission)}">` +
    `${fields}<button>${escapeHtml(settings.buttonLabel || "Submit")}</button></form>`;
  return answerPage({ title: settings.title || "Form", content, status: sent ? 422 : 200 });
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
