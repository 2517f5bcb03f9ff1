import { allocate, stepSearch, stepText } from "../budget";
import { typeError } from "../errors";
import { GuestRegExp, toInteger, toKey, toNumber, toPrimitive, toText } from "../values";
import { DEFAULT_LOCALE } from "./number-format";
import { patternMethods } from "./regexp";
import { locales, type Method, options, table } from "./table";

/** Native methods that take primitives and give a character or a view of the text. */
const VIEWS = ["at", "charAt", "charCodeAt", "codePointAt", "slice", "substring", "substr", "trim", "trimStart", "trimEnd"] as const;

const views: Record<string, Method<string>> = Object.fromEntries(
  VIEWS.map((name) => {
    const native = String.prototype[name] as (...args: unknown[]) => unknown;
    return [name, (text: string, args: unknown[]) => native.apply(text, args.map(toPrimitive))];
  }),
);

/** A method that makes a text of about the same length. */
const converting =
  (convert: (text: string, locale: string | string[] | undefined) => string): Method<string> =>
  (text, [locale]) => {
    stepText(text.length);
    allocate(text.length);
    return convert(text, locales(locale));
  };

const position =
  (name: "indexOf" | "lastIndexOf"): Method<string> =>
  (text, [search, from]) => {
    const pattern = toText(search);
    stepSearch(text.length, pattern.length);
    return from === undefined ? text[name](pattern) : text[name](pattern, toNumber(from));
  };

const searching = (name: "includes" | "startsWith" | "endsWith"): Method<string> => {
  return (text, [search, from]) => {
    if (search instanceof GuestRegExp) throw typeError(`First argument to String.prototype.${name} must not be a regular expression`);
    const pattern = toText(search);
    if (name === "includes") stepSearch(text.length, pattern.length);
    return text[name](pattern, from === undefined ? undefined : toInteger(from));
  };
};

const pad =
  (name: "padStart" | "padEnd"): Method<string> =>
  (text, [length, fill]) => {
    const target = toInteger(length);
    allocate(target);
    return text[name](target, fill === undefined ? " " : toText(fill));
  };

const NORMAL_FORMS: ReadonlySet<string> = new Set(["NFC", "NFD", "NFKC", "NFKD"]);

/** JavaScript's own methods of strings. */
export const stringMethods = table<string>({
  ...views,
  ...patternMethods,
  includes: searching("includes"),
  startsWith: searching("startsWith"),
  endsWith: searching("endsWith"),
  padStart: pad("padStart"),
  padEnd: pad("padEnd"),
  trimLeft: (text) => text.trimStart(),
  trimRight: (text) => text.trimEnd(),
  concat: (text, args) => {
    let result = text;
    for (const argument of args) {
      const part = toText(argument);
      allocate(result.length + part.length);
      result += part;
    }
    return result;
  },
  repeat: (text, [count]) => {
    const times = toNumber(count);
    allocate(text.length * Math.max(0, times || 0));
    return text.repeat(times);
  },
  normalize: (text, [form]) => {
    stepText(text.length);
    allocate(text.length * 4);
    const name = form === undefined ? "NFC" : toKey(form);
    return NORMAL_FORMS.has(name) ? text.normalize(name) : text.normalize("?");
  },
  localeCompare: (text, [other, locale, settings]) => {
    stepText(text.length);
    return text.localeCompare(toText(other), locales(locale, DEFAULT_LOCALE), options(settings));
  },
  indexOf: position("indexOf"),
  lastIndexOf: position("lastIndexOf"),
  toLowerCase: converting((text) => text.toLowerCase()),
  toUpperCase: converting((text) => text.toUpperCase()),
  toLocaleLowerCase: converting((text, locale) => text.toLocaleLowerCase(locale)),
  toLocaleUpperCase: converting((text, locale) => text.toLocaleUpperCase(locale)),
  toString: (text: string) => text,
  valueOf: (text: string) => text,
  // Node 20 has them, TypeScript's ES2023 library not yet.
  isWellFormed: (text) => !/\p{Surrogate}/u.test(text),
  toWellFormed: (text) => text.replace(/\p{Surrogate}/gu, "\ufffd"),
});
