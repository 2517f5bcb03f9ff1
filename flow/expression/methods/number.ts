import { step } from "../budget";
import { toInteger, toText } from "../values";
import { locales, options, table } from "./table";

/** Numbers and texts are the same on every machine: English where no locale is named. */
export const DEFAULT_LOCALE = "en-US";

/** JavaScript's own methods of numbers. */
export const numberMethods = table<number>({
  toFixed: (number, [digits]) => number.toFixed(toInteger(digits)),
  toPrecision: (number, [digits]) => (digits === undefined ? String(number) : number.toPrecision(toInteger(digits))),
  toExponential: (number, [digits]) => number.toExponential(digits === undefined ? undefined : toInteger(digits)),
  toString: (number: number, [radix]: unknown[]) => number.toString(radix === undefined ? 10 : toInteger(radix)),
  toLocaleString: (number: number, [locale, settings]: unknown[]) => {
    step(20);
    return number.toLocaleString(locales(locale, DEFAULT_LOCALE), options(settings));
  },
  valueOf: (number: number) => number,
});

export const bigintMethods = table<bigint>({
  toString: (number: bigint, [radix]: unknown[]) => {
    step(1000);
    return number.toString(radix === undefined ? 10 : toInteger(radix));
  },
  toLocaleString: (number: bigint, [locale]: unknown[]) => number.toLocaleString(locales(locale, DEFAULT_LOCALE)),
  valueOf: (number: bigint) => number,
});

export const booleanMethods = table<boolean>({
  toString: (value: boolean) => toText(value),
  valueOf: (value: boolean) => value,
});
