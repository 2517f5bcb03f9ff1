import { allocate, step } from "../budget";
import { typeError } from "../errors";
import { makeRegExp } from "../methods/regexp";
import { GuestRegExp, iterate, Namespace, toInteger, toNumber, toNumeric, toText } from "../values";
import { guests } from "./define";

const MATH_FUNCTIONS = [
  ..."abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc".split(
    " ",
  ),
] as const;
const MATH_CONSTANTS = ["E", "LN10", "LN2", "LOG10E", "LOG2E", "PI", "SQRT1_2", "SQRT2"] as const;

const math = Math as unknown as Record<string, (...args: number[]) => number>;

export const mathGlobal = new Namespace("Math", {
  members: {
    ...guests(Object.fromEntries(MATH_FUNCTIONS.map((name) => [name, (...args: unknown[]) => math[name]?.(...args.map(toNumber))]))),
    ...guests({ random: () => Math.random() }),
    ...Object.fromEntries(MATH_CONSTANTS.map((name) => [name, Math[name]])),
  },
});

const toNumberOrZero = (args: unknown[]) => (args.length === 0 ? 0 : toNumber(args[0]));
const parse = guests({
  parseInt: (text, radix) => Number.parseInt(toText(text), radix === undefined ? undefined : toInteger(radix)),
  parseFloat: (text) => Number.parseFloat(toText(text)),
});

export const numberGlobal = new Namespace("Number", {
  call: toNumberOrZero,
  construct: toNumberOrZero,
  has: () => false,
  members: {
    ...guests({ isInteger: Number.isInteger, isSafeInteger: Number.isSafeInteger, isFinite: Number.isFinite, isNaN: Number.isNaN }),
    ...parse,
    MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
    MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
    MAX_VALUE: Number.MAX_VALUE,
    MIN_VALUE: Number.MIN_VALUE,
    EPSILON: Number.EPSILON,
    POSITIVE_INFINITY: Number.POSITIVE_INFINITY,
    NEGATIVE_INFINITY: Number.NEGATIVE_INFINITY,
    NaN: Number.NaN,
  },
});

const makeText = (args: unknown[]) => (args.length === 0 ? "" : toText(args[0]));

export const stringGlobal = new Namespace("String", {
  call: makeText,
  construct: makeText,
  has: () => false,
  members: guests({
    fromCharCode: (...codes) => String.fromCharCode(...codes.map(toNumber)),
    fromCodePoint: (...codes) => String.fromCodePoint(...codes.map(toNumber)),
    raw: (parts, ...values) => {
      const texts = iterate((parts as { raw?: unknown } | null)?.raw);
      return texts.map((text, index) => toText(text) + (index < texts.length - 1 ? toText(values[index] ?? "") : "")).join("");
    },
  }),
});

export const booleanGlobal = new Namespace("Boolean", {
  call: ([value]) => Boolean(value),
  construct: ([value]) => Boolean(value),
  has: () => false,
});

export const bigintGlobal = new Namespace("BigInt", {
  call: ([value]) => {
    const numeric = toNumeric(value);
    if (numeric === null || numeric === undefined) throw typeError(`Cannot convert ${numeric} to a BigInt`);
    const text = String(numeric);
    // The conversion from decimal digits is quadratic.
    if (text.length > 10_000) throw typeError("Cannot convert so long a text to a BigInt");
    step(100);
    return BigInt(numeric as string);
  },
  has: () => false,
});

export const regexpGlobal = new Namespace("RegExp", {
  call: ([source, flags]) => makeRegExp(source, flags),
  construct: ([source, flags]) => makeRegExp(source, flags),
  has: (value) => value instanceof GuestRegExp,
});

const coded = (f: (text: string) => string) => (value: unknown) => {
  const text = toText(value);
  allocate(text.length * 9);
  step(text.length >> 3);
  return f(text);
};

/** Functions without an object. */
export const freeFunctions: Record<string, unknown> = {
  ...parse,
  ...guests({
    isNaN: (value) => Number.isNaN(toNumber(value)),
    isFinite: (value) => Number.isFinite(toNumber(value)),
    encodeURIComponent: coded(encodeURIComponent),
    decodeURIComponent: coded(decodeURIComponent),
    encodeURI: coded(encodeURI),
    decodeURI: coded(decodeURI),
    escape: coded((text) => text.replace(/[^\w@*+./-]/g, (char) => legacyEscape(char))),
    unescape: coded((text) =>
      text.replace(/%u([\da-f]{4})|%([\da-f]{2})/gi, (_, long, short) => String.fromCharCode(Number.parseInt(long ?? short, 16))),
    ),
    btoa: coded(btoa),
    atob: coded(atob),
  }),
};

function legacyEscape(char: string): string {
  return Array.from({ length: char.length }, (_, index) => {
    const code = char.charCodeAt(index);
    return code < 256 ? `%${code.toString(16).toUpperCase().padStart(2, "0")}` : `%u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  }).join("");
}
