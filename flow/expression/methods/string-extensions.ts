import { allocate, step } from "../budget";
import { toText } from "../values";
import { parseDateTime } from "./date-parsing";
import { badArgument } from "./extension";
import { base64Decode, base64Encode, hash } from "./hash";
import { parseJson, stringify } from "./json";
import { removeMarkdown, removeTags, replaceSpecialChars } from "./plain-text";
import { type Method, table } from "./table";
import { extractDomain, extractEmail, extractUrl, extractUrlPath, isDomain, isEmail, isUrl } from "./web-address";

/** Words that a title leaves in lower case, unless they come first or last. */
const SMALL_WORDS = new Set(
  "a an and as at because but by en for if in neither nor of on only or over per so some than that the to up upon v vs via when with without yet".split(
    " ",
  ),
);

function toTitleCase(text: string): string {
  const words = text.toLowerCase().split(/(\s+)/);
  const isWord = (word: string) => /\S/.test(word);
  const first = words.findIndex(isWord);
  const last = words.findLastIndex(isWord);
  return words
    .map((word, index) => {
      const bare = word.replace(/[^\p{L}\p{N}'’]/gu, "");
      return index !== first && index !== last && SMALL_WORDS.has(bare)
        ? word
        : word.replace(/(^|[-–—/("'“‘[])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
    })
    .join("");
}

const toSentenceCase = (text: string): string =>
  text.toLowerCase().replace(/(^\s*|[.!?]\s*)(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());

const toSnakeCase = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[ \-\t\n]/g, "_")
    .replace(/[^\p{L}\p{N}_]/gu, "");

function quote(text: string, mark: string): string {
  allocate(text.length * 2);
  return mark + text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`) + mark;
}

const isNumeric = (text: string): boolean => text.trim() !== "" && !Number.isNaN(Number(text)) && !Number.isNaN(Number.parseFloat(text));

function toNumber(text: string): number {
  const whole = Number(text);
  const number = text.trim() === "" || Number.isNaN(whole) ? Number.parseFloat(text) : whole;
  if (Number.isNaN(number)) throw badArgument("toNumber", `cannot convert "${text.slice(0, 50)}" to a number`);
  return number;
}

function toInt(method: string, text: string, radix: unknown): number {
  const number = Number.parseInt(text, radix === undefined ? 10 : Number(radix));
  if (Number.isNaN(number)) throw badArgument(method, `cannot convert "${text.slice(0, 50)}" to an integer`);
  return number;
}

/** A method that costs by the length of the text; what it makes is at most a little longer. */
const scan =
  (f: (text: string) => unknown): Method<string> =>
  (text) => {
    step(1 + (text.length >> 3));
    const result = f(text);
    if (typeof result === "string") allocate(result.length);
    return result;
  };

function optionalJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const toFloat: Method<string> = (text) => toNumber(text);
const toDateTime: Method<string> = (text, [format]) => parseDateTime(text, format);

/** n8n's methods of strings. */
export const stringExtensions = table<string>({
  base64Encode: (text) => base64Encode(text),
  base64Decode: (text) => base64Decode(text),
  extractDomain: scan(extractDomain),
  extractEmail: scan(extractEmail),
  extractUrl: scan(extractUrl),
  extractUrlPath: scan(extractUrlPath),
  hash: (text, [algorithm]) => hash(text, algorithm === undefined ? "md5" : toText(algorithm)),
  isDomain: scan(isDomain),
  isEmail: scan(isEmail),
  isUrl: scan(isUrl),
  isNumeric: scan(isNumeric),
  isEmpty: (text) => text === "",
  isNotEmpty: (text) => text !== "",
  parseJson: optionalJson,
  quote: (text, [mark]) => quote(text, mark === undefined ? '"' : toText(mark)),
  removeMarkdown: scan(removeMarkdown),
  removeTags: scan(removeTags),
  replaceSpecialChars: scan(replaceSpecialChars),
  toBoolean: (text) => !/^(?:0|false|no|)$/i.test(text.trim()),
  toDateTime,
  toDate: (text) => parseDateTime(text).toJSDate(),
  toInt: (text, [radix]) => toInt("toInt", text, radix),
  toWholeNumber: (text, [radix]) => toInt("toWholeNumber", text, radix),
  toNumber,
  toFloat,
  toDecimalNumber: toFloat,
  toJsonString: (text) => stringify(text),
  toSentenceCase: scan(toSentenceCase),
  toSnakeCase: scan(toSnakeCase),
  toTitleCase: scan(toTitleCase),
  urlDecode: (text, [wholeUrl]) => (wholeUrl ? decodeURI(text) : decodeURIComponent(text)),
  urlEncode: (text, [wholeUrl]) => {
    allocate(text.length * 9);
    return wholeUrl ? encodeURI(text) : encodeURIComponent(text);
  },
});
