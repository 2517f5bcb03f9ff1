/**
 * `{{auth.access_token}}`, `{{secrets.name}}` and `{{inputs.title}}` in an action's endpoint, headers, query and body. Unlike
 * expressions these only name a value: they are data of an action, which strangers' documents make.
 */
export type TemplateRoot = "auth" | "secrets" | "inputs";
const ROOTS: ReadonlySet<string> = new Set(["auth", "secrets", "inputs"]);

export interface Placeholder {
  root: TemplateRoot;
  /** `["address", "city"]` of `{{inputs.address.city}}`. */
  path: string[];
  /** As it is written. */
  source: string;
}

export type TemplatePart = string | Placeholder;

/** A template that says something that can't be filled in. */
export class TemplateError extends Error {
  override name = "TemplateError";
}

const MAX_LENGTH = 500_000;

/**
 * The parts of a template: text as it is, and placeholders.
 * @throws TemplateError that names what it can't read
 */
export function parseTemplate(text: string): TemplatePart[] {
  if (!text.includes("{{")) return text === "" ? [] : [text];
  if (text.length > MAX_LENGTH) throw new TemplateError("is too long for a template");
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("{{", at);
    if (start < 0) break;
    const end = text.indexOf("}}", start);
    if (end < 0) throw new TemplateError(`the "{{" at character ${start + 1} is not closed with "}}"`);
    if (start > at) parts.push(text.slice(at, start));
    parts.push(placeholder(text.slice(start + 2, end)));
    at = end + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

function placeholder(inside: string): Placeholder {
  const source = `{{${inside}}}`;
  const expression = inside.trim();
  const dot = expression.indexOf(".");
  const root = dot < 0 ? expression : expression.slice(0, dot);
  if (!ROOTS.has(root)) {
    throw new TemplateError(`${source.slice(0, 200)} is unknown: write {{inputs.name}}, {{auth.access_token}} or {{secrets.name}}`);
  }
  const rest = dot < 0 ? "" : expression.slice(dot + 1);
  if (rest === "") throw new TemplateError(`${source} names no value: write {{${root}.name}}`);
  // The name of a secret is one name, whatever its characters; inputs may be gone into.
  return { root: root as TemplateRoot, path: root === "inputs" ? inputPath(rest) : [rest], source };
}

/** `items[0].name` and `["a.b"]` alike: documents name their parameters as they like. */
function inputPath(text: string): string[] {
  const path: string[] = [];
  const pattern = /\.?(?:\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+))/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return [text];
    path.push(match[1] ?? match[2]?.replace(/\\(.)/g, "$1") ?? match[3]?.trim() ?? "");
  }
  return path;
}

/** How an input is named in a template, whatever characters its name has. */
export const inputTemplate = (name: string): string =>
  /^[^.[\]"\s{}][^.[\]"{}]*$/.test(name) && name.trim() === name
    ? `{{inputs.${name}}}`
    : `{{inputs.["${name.replace(/["\\]/g, "\\$&")}"]}}`;
