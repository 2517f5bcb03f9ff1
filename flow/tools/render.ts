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

/** A template that stands alone gives its value as it is, and undefined where there is none; others give text. */
export function renderValue(template: Json, rendering: Rendering): Json | undefined {
  if (typeof template === "string") {
    const parts = parseTemplate(template);
    const alone = onlyInput(parts);
    return alone ? inputValue(rendering.inputs, alone.path) : renderText(parts, rendering);
  }
  if (Array.isArray(template)) {
    return template.flatMap((entry) => {
      const value = renderValue(entry, rendering);
      return value === undefined ? [] : [value];
    });
  }
  if (!isObject(template)) return template;
  const special = rendering.special?.(template);
  if (special) return special.value;
  const made: JsonObject = {};
  for (const [key, entry] of Object.entries(template)) {
    const value = renderValue(entry, rendering);
    // An object of which nothing was given is not sent, unless it was written empty.
    if (value === undefined || (isObject(value) && isObject(entry) && Object.keys(value).length === 0 && Object.keys(entry).length > 0))
      continue;
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
