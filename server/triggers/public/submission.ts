import type { FormField } from "@/flow/forms/form-page";
import type { Binary, Item, Json, JsonObject } from "@/flow/item";

/** Name of a field's control, whatever its label. */
export const controlName = (index: number): string => `field-${index}`;
/** Name of the control that names the page's one submission. */
export const SUBMISSION = "submission";
/** Name of the control that says which page of an execution's form was filled in. */
export const PAGE = "page";

/** Under which a field's value is passed on; null for one that has none. */
export const valueName = ({ type, name, label }: FormField, index: number): string | null =>
  type === "html" ? null : name.trim() || label.trim() || `field ${index + 1}`;

export const optionsOf = ({ options }: FormField): string[] => [
  ...new Set(
    options
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];

export interface Submission {
  item: Item;
  /** What is wrong, by the field's place. */
  errors: ReadonlyMap<number, string>;
  /** As it came, to be shown again. */
  given: FormData;
}

/** What a form's fields were filled with, as one item in n8n's form, and what is wrong with it. */
export async function readSubmission(fields: readonly FormField[], given: FormData, mode: "production" | "test"): Promise<Submission> {
  const errors = new Map<number, string>();
  const values: [string, Json][] = [];
  const binary: Record<string, Binary> = {};
  for (const [index, field] of fields.entries()) {
    const name = valueName(field, index);
    if (name === null) continue;
    const sent = given.getAll(controlName(index));
    const result = field.type === "file" ? await filesOf(field, name, sent, binary) : read(field, sent.filter(isText));
    if ("error" in result) errors.set(index, result.error);
    else values.push([name, result.value]);
  }
  const json: JsonObject = Object.fromEntries([...values, ["submittedAt", new Date().toISOString()], ["formMode", mode]]);
  return { item: { json, ...(Object.keys(binary).length > 0 && { binary }) }, errors, given };
}

const isText = (value: unknown): value is string => typeof value === "string";

type Read = { value: Json } | { error: string };

const LONGEST_TEXT = 100_000;

function read(field: FormField, sent: string[]): Read {
  const { type, required, multiple } = field;
  // A hidden value is the form's, not the sender's.
  if (type === "hidden") return { value: field.value };
  if (type === "checkbox" || (type === "dropdown" && multiple)) {
    const known = optionsOf(field);
    const chosen = sent.filter((text) => text !== "");
    if (chosen.some((text) => !known.includes(text))) return { error: "Choose from the list." };
    return required && chosen.length === 0 ? { error: "Choose at least one." } : { value: chosen };
  }
  const text = sent[0] ?? "";
  if (text.length > LONGEST_TEXT) return { error: "This is too long." };
  if (text.trim() === "") return required ? { error: "This must be filled in." } : { value: type === "number" ? null : "" };
  if (type === "number") {
    const number = Number(text.replace(",", "."));
    return Number.isFinite(number) ? { value: number } : { error: "Enter a number." };
  }
  if (type === "email" && !/^[^\s@]+@[^\s@]+$/.test(text.trim())) return { error: "Enter an e-mail address." };
  if (type === "date" && Number.isNaN(Date.parse(text))) return { error: "Enter a date." };
  if ((type === "dropdown" || type === "radio") && !optionsOf(field).includes(text)) return { error: "Choose from the list." };
  return { value: text };
}

/** The field of a file's bytes: n8n's rule, which leaves letters, digits and underscores. */
const binaryName = (name: string): string => name.replace(/\W/g, "_");

async function filesOf(field: FormField, name: string, sent: FormDataEntryValue[], binary: Record<string, Binary>): Promise<Read> {
  const files = sent.filter((entry): entry is File => typeof entry !== "string" && (entry.size > 0 || entry.name !== ""));
  if (files.length === 0) return field.required ? { error: "Choose a file." } : { value: null };
  if (files.some((file) => !isAccepted(field.accept, file))) return { error: `Choose a file of the kind ${field.accept}.` };
  const described: Json[] = [];
  for (const [index, file] of files.entries()) {
    const bytes = Buffer.from(await file.arrayBuffer());
    const mimeType = file.type || "application/octet-stream";
    const extension = /\.([A-Za-z0-9]{1,16})$/.exec(file.name)?.[1];
    binary[field.multiple ? `${binaryName(name)}_${index}` : binaryName(name)] = {
      mimeType,
      fileName: file.name.slice(0, 500),
      ...(extension && { fileExtension: extension }),
      fileSize: bytes.byteLength,
      data: bytes.toString("base64"),
    };
    described.push({ filename: file.name, mimetype: mimeType, size: bytes.byteLength });
    if (!field.multiple) break;
  }
  return { value: field.multiple ? described : (described[0] ?? null) };
}

function isAccepted(accept: string, file: File): boolean {
  const kinds = accept
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter((kind) => kind !== "");
  const name = file.name.toLowerCase();
  const type = file.type.toLowerCase();
  return (
    kinds.length === 0 ||
    kinds.some((kind) =>
      kind.startsWith(".") ? name.endsWith(kind) : kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind,
    )
  );
}
