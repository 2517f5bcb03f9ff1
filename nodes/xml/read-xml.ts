import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Json, JsonObject } from "@/flow/item";

export interface ReadOptions {
  mergeAttrs: boolean;
  explicitArray: boolean;
  explicitRoot: boolean;
  ignoreAttrs: boolean;
  trim: boolean;
  normalize: boolean;
  normalizeTags: boolean;
  attrkey: string;
  charkey: string;
}

/** What the parser gives in document order: one key with the children, attributes under `:@`. */
type Parsed = { [tag: string]: unknown };

const ATTRIBUTES = ":@";
const TEXT = "#text";

const setOwn = (target: JsonObject, key: string, value: Json): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};

/**
 * XML as an object. An element is its text, or an object of its elements; several of the same name are a list.
 * @throws Error that says where the text stops being XML.
 */
export function readXml(source: string, options: ReadOptions): JsonObject {
  const valid = XMLValidator.validate(source.trim());
  if (valid !== true) throw new Error(`is not valid XML: ${valid.err.msg} (line ${valid.err.line})`);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: options.ignoreAttrs,
    attributeNamePrefix: "",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const document = parser.parse(source.trim()) as Parsed[];
  const root = document.find((node) => tagOf(node) !== TEXT);
  if (!root) throw new Error("holds no XML element");
  const name = options.normalizeTags ? tagOf(root).toLowerCase() : tagOf(root);
  const value = element(root, options);
  if (!options.explicitRoot) return isObject(value) ? value : { [name]: value };
  const json: JsonObject = {};
  setOwn(json, name, value);
  return json;
}

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const tagOf = (node: Parsed): string => Object.keys(node).find((key) => key !== ATTRIBUTES) ?? TEXT;

function element(node: Parsed, options: ReadOptions): Json {
  const json: JsonObject = {};
  const add = (key: string, value: Json): void => {
    if (!Object.hasOwn(json, key)) setOwn(json, key, options.explicitArray ? [value] : value);
    else if (Array.isArray(json[key])) (json[key] as Json[]).push(value);
    else setOwn(json, key, [json[key] as Json, value]);
  };
  const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
  if (options.mergeAttrs) for (const [key, value] of attributes) add(key, value);
  else if (attributes.length > 0) setOwn(json, options.attrkey, Object.fromEntries(attributes));
  let text = "";
  for (const child of node[tagOf(node)] as Parsed[]) {
    const tag = tagOf(child);
    if (tag === TEXT) text += String(child[TEXT]);
    else add(options.normalizeTags ? tag.toLowerCase() : tag, element(child, options));
  }
  if (/^\s*$/.test(text)) return Object.keys(json).length === 0 ? "" : json;
  if (options.trim || options.normalize) text = text.trim();
  if (options.normalize) text = text.replace(/\s{2,}|[\r\n\t]/g, " ");
  if (Object.keys(json).length === 0) return text;
  setOwn(json, options.charkey, text);
  return json;
}
