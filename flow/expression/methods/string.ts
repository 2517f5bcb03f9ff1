import { allocate } from "../budget";
import { typeError } from "../errors";
import { GuestRegExp, toInteger, toKey, toNumber, toPrimitive, toText } from "../values";
import { patternMethods } from "./regexp";
import { locales, type Method, options, table } from "./table";

/** Native methods that take primitives and give something no bigger than the text. */
const PLAIN = [
  "at",
  "charAt",
  "charCodeAt",
  "codePointAt",
  "indexOf",
  "lastIndexOf",
  "slice",
  "substring",
  "substr",
  "toLowerCase",
  "toUpperCase",
  "trim",
  "trimStart",
  "trimEnd",
] as const;

const plain: Record<string, Method<string>> = Object.fromEntries(
  PLAIN.map((name) => {
    const native = String.prototype[name] as (...args: unknown[]) => unknown;
    const method: Method<string> = (text, args) => {
      allocate(text.length);
      return native.apply(text, args.map(toPrimitive));
    };
    return [name, method];
  }),
);

const searching = (name: "includes" | "startsWith" | "endsWith"): Method<string> => {
  return (text, [search, position]) => {
    if (search instanceof GuestRegExp) throw typeError(`First argument to String.prototype.${name} must not be a regular expression`);
    return text[name](toText(search), position === undefined ? undefined : toInteger(position));
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
  ...plain,
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
    allocate(text.length * 4);
    const name = form === undefined ? "NFC" : toKey(form);
    return NORMAL_FORMS.has(name) ? text.normalize(name) : text.normalize("?");
  },
  localeCompare: (text, [other, locale, settings]) => text.localeCompare(toText(other), locales(locale), options(settings)),
  toLocaleLowerCase: (text, [locale]) => text.toLocaleLowerCase(locales(locale)),
  toLocaleUpperCase: (text, [locale]) => text.toLocaleUpperCase(locales(locale)),
  toString: (text: string) => text,
  valueOf: (text: string) => text,
  // Node 20 has them, TypeScript's ES2023 library not yet.
  isWellFormed: (text) => !/\p{Surrogate}/u.test(text),
  toWellFormed: (text) => text.replace(/\p{Surrogate}/gu, "\ufffd"),
});
