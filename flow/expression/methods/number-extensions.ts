import { toInteger } from "../values";
import { numberToDateTime } from "./date-parsing";
import { badArgument } from "./extension";
import { formatNumber } from "./number-format";
import { table } from "./table";

const isOdd = (method: string, number: number): boolean => {
  if (!Number.isInteger(number)) throw badArgument(method, `${number} is not a whole number`);
  return Math.abs(number % 2) === 1;
};

const round = (number: number, decimals: unknown): number => {
  const digits = toInteger(decimals);
  if (digits < 0 || digits > 100) throw badArgument("round", "expected 0 to 100 decimal places");
  return +number.toFixed(digits);
};

/** n8n's methods of numbers. */
export const numberExtensions = table<number>({
  abs: (number) => Math.abs(number),
  ceil: (number) => Math.ceil(number),
  floor: (number) => Math.floor(number),
  round: (number, [decimals]) => round(number, decimals),
  format: (number, [locale, settings]) => formatNumber(number, locale, settings),
  isEven: (number) => !isOdd("isEven", number),
  isOdd: (number) => isOdd("isOdd", number),
  isInteger: (number) => Number.isInteger(number),
  isEmpty: () => false,
  isNotEmpty: () => true,
  toBoolean: (number) => number !== 0,
  toNumber: (number) => number,
  toInt: (number) => Math.trunc(number),
  toFloat: (number) => number,
  toDateTime: (number, [format]) => numberToDateTime(number, format),
});

/** n8n's methods of booleans. */
export const booleanExtensions = table<boolean>({
  isEmpty: () => false,
  isNotEmpty: () => true,
  toNumber: (value) => Number(value),
  toInt: (value) => Number(value),
  toFloat: (value) => Number(value),
  toBoolean: (value) => value,
});
