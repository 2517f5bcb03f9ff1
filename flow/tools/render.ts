import type { Json, JsonObject } from "../item";
import { type Placeholder, parseTemplate, TemplateError, type TemplatePart } from "./templates";

/** Keeps secrets out of what is built: a template gets a token in their place, and the guarded client fills it in. */
export class Secrets {
  /** Name of the credential's field, by token. */
  readonly fields: Record<string, string> = {};
  private count = 0;

  /** @param nonce Small letters and digits that no input can know. */
  constructor(private readonly nonce: string) {}

  token({ path }: Placeholder): string {
    const token = `tolstoy${this.nonce}x${this.count++}z`;
    this.fields[token] = path[0] ?? "";
    return token;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of an input; undefined where it was not given. */
export function inputValue(inputs: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = inputs;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

export const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** The one input that a template is, and nothing else. */
export function onlyInput(parts: readonly TemplatePart[]): Placeholder | null {
  const [part] = parts;
  return parts.length === 1 && typeof part === "object" && part.root === "inputs" ? part : null;
}

export interface Rendering {
  inputs: JsonObject;
  secrets: Secrets;
  /** What an object of a template stands for, when it is not to be taken as it is. Never asked about an input's own objects. */
  special?: (template: JsonObject) => { value: Json | undefined } | null;
}

/** A template as text; `encode` is for inputs, which are never taken for templates themselves. */
export function renderText(
  parts: readonly TemplatePart[],
  { inputs, secrets }: Rendering,
  encode: (text: string, placeholder: Placeholder) => string = (text) => text,
): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      return part.root === "inputs" ? encode(asText(inputValue(inputs, part.path)), part) : secrets.token(part);
    })
    .join("");
}

/** An object of which nothing was given is not sent, unless it was written empty. */
const isEmptied = (value: Json, template: Json): boolean =>
  isObject(value) && isObject(template) && Object.keys(value).length === 0 && Object.keys(template).length > 0;

/** The entries of a list; of a text, what is between commas or semicolons. */
const entriesOf = (value: Json | undefined): Json[] =>
  Array.isArray(value)
    ? value
    : asText(value)
        .split(/[,;]/)
        .map((part) => part.trim())
        .filter((part) => part !== "");

/** `{ $each: "to", value: { email: "{{inputs.to}}" } }` is a list with a value for each entry of the input. */
function renderEach(name: string, template: Json, rendering: Rendering): Json | undefined {
  const list = entriesOf(inputValue(rendering.inputs, [name])).flatMap((entry) => {
    const value = renderValue(template, { ...rendering, inputs: { ...rendering.inputs, [name]: entry } });
    return value === undefined ? [] : [value];
  });
  return list.length > 0 ? list : undefined;
}

/**
 * A template that stands alone gives its value as it is, and undefined where there is none; others give text. Objects and lists of
 * which nothing was given are not there either.
 */
export function renderValue(template: Json, rendering: Rendering): Json | undefined {
  if (typeof template === "string") {
    const parts = parseTemplate(template);
    const alone = onlyInput(parts);
    return alone ? inputValue(rendering.inputs, alone.path) : renderText(parts, rendering);
  }
  if (Array.isArray(template)) {
    const list = template.flatMap((entry) => {
      const value = renderValue(entry, rendering);
      return value === undefined || isEmptied(value, entry) ? [] : [value];
    });
    return list.length === 0 && template.length > 0 ? undefined : list;
  }
  if (!isObject(template)) return template;
  if (typeof template.$each === "string") return renderEach(template.$each, template.value ?? null, rendering);
  const special = rendering.special?.(template);
  if (special) return special.value;
  const made: JsonObject = {};
  for (const [key, entry] of Object.entries(template)) {
    const value = renderValue(entry, rendering);
    if (value === undefined || isEmptied(value, entry)) continue;
    made[key] = value;
  }
  return made;
}

/** Every placeholder of a value, with where it stands. */
export function placeholdersIn(value: Json | undefined, path: string): { placeholder: Placeholder; path: string }[] {
  if (typeof value === "string") {
    try {
      return parseTemplate(value).flatMap((part) => (typeof part === "string" ? [] : [{ placeholder: part, path }]));
    } catch (error) {
      if (error instanceof TemplateError) throw new TemplateError(`${path}: ${error.message}`);
      throw error;
    }
  }
  if (Array.isArray(value)) return value.flatMap((entry, index) => placeholdersIn(entry, `${path}[${index}]`));
  if (isObject(value)) return Object.entries(value).flatMap(([key, entry]) => placeholdersIn(entry, `${path}.${key}`));
  return [];
}
