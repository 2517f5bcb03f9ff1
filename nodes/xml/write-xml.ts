import type { Json, JsonObject } from "@/flow/item";

export interface WriteOptions {
  rootName: string;
  headless: boolean;
  cdata: boolean;
  attrkey: string;
  charkey: string;
}

const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const NAME = /^[\p{L}_:][\p{L}\p{N}_:.\-\u00B7]*$/u;
/** Characters that XML has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are meant
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * An object as XML, two spaces a level. An object with a single field, and no name for the root, is that field's element.
 * @throws Error for a field whose name can't be an element's.
 */
export function writeXml(json: JsonObject, options: WriteOptions): string {
  const [only, ...more] = Object.entries(json);
  const alone = only && more.length === 0 && options.rootName === "root" && !Array.isArray(only[1]) && only[0] !== options.attrkey;
  const body = alone ? element(only[0], only[1], "", options) : element(options.rootName, json, "", options);
  return options.headless ? body : `${HEADER}\n${body}`;
}

const checked = (name: string): string => {
  if (NAME.test(name)) return name;
  throw new Error(`"${name}" can't be the name of an XML element or attribute: rename the field first`);
};

const escaped = (text: string): string =>
  text.replace(UNWRITABLE, "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\r/g, "&#xD;");

function content(value: Json, { cdata }: WriteOptions): string {
  const text = String(value);
  if (!cdata || !/[<>&]/.test(text)) return escaped(text);
  return `<![CDATA[${text.replace(UNWRITABLE, "").replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

function element(name: string, value: Json, indent: string, options: WriteOptions): string {
  if (Array.isArray(value)) return value.map((entry) => element(name, entry, indent, options)).join("\n");
  const tag = checked(name);
  if (value === null || value === "") return `${indent}<${tag}/>`;
  if (!isObject(value)) return `${indent}<${tag}>${content(value, options)}</${tag}>`;
  const { [options.attrkey]: given, [options.charkey]: text, ...children } = value;
  const attributes = isObject(given)
    ? Object.entries(given).map(([key, each]) => ` ${checked(key)}="${escaped(each === null ? "" : String(each)).replace(/"/g, "&quot;")}"`)
    : [];
  const inside = Object.entries(children)
    .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
    .map(([key, each]) => element(key, each, `${indent}  `, options));
  const open = `${indent}<${tag}${attributes.join("")}`;
  const own = text === undefined || text === null ? "" : content(text, options);
  if (inside.length === 0) return own === "" ? `${open}/>` : `${open}>${own}</${tag}>`;
  return `${open}>${own === "" ? "" : `\n${indent}  ${own}`}\n${inside.join("\n")}\n${indent}</${tag}>`;
}
