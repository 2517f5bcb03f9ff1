import { step } from "../budget";
import { toInteger, toText } from "../values";
import { formatNumber } from "./number-format";
import { table } from "./table";

/** JavaScript's own methods of numbers. */
export const numberMethods = table<number>({
  toFixed: (number, [digits]) => number.toFixed(toInteger(digits)),
  toPrecision: (number, [digits]) => (digits === undefined ? String(number) : number.toPrecision(toInteger(digits))),
  toExponential: (number, [digits]) => number.toExponential(digits === undefined ? undefined : toInteger(digits)),
  toString: (number: number, [radix]: unknown[]) => number.toString(radix === undefined ? 10 : toInteger(radix)),
  toLocaleString: (number: number, [locale, settings]: unknown[]) => formatNumber(number, locale, settings),
  valueOf: (number: number) => number,
});

export const bigintMethods = table<bigint>({
  toString: (number: bigint, [radix]: unknown[]) => {
    step(1000);
    return number.toString(radix === undefined ? 10 : toInteger(radix));
  },
  toLocaleString: (number: bigint, [locale, settings]: unknown[]) => formatNumber(number, locale, settings),
  valueOf: (number: bigint) => number,
});

export const booleanMethods = table<boolean>({
  toString: (value: boolean) => toText(value),
  valueOf: (value: boolean) => value,
});
