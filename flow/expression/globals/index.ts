import { dateGlobal, dateTimeGlobal, durationGlobal, intervalGlobal } from "./dates";
import { guests } from "./define";
import { jmespath } from "./jmespath";
import { arrayGlobal, errorGlobals, helperFunctions, jsonGlobal, mapGlobal, objectGlobal, setGlobal } from "./objects";
import { intlGlobal, searchParamsGlobal, urlGlobal } from "./platform";
import { bigintGlobal, booleanGlobal, freeFunctions, mathGlobal, numberGlobal, regexpGlobal, stringGlobal } from "./primitives";

const namespaces = [
  arrayGlobal,
  bigintGlobal,
  booleanGlobal,
  dateGlobal,
  dateTimeGlobal,
  durationGlobal,
  intervalGlobal,
  intlGlobal,
  jsonGlobal,
  mapGlobal,
  mathGlobal,
  numberGlobal,
  objectGlobal,
  regexpGlobal,
  searchParamsGlobal,
  setGlobal,
  stringGlobal,
  urlGlobal,
  ...errorGlobals,
];

/** What is there in every expression, whatever it reads: JavaScript's built-ins, luxon and the helpers. */
export const GLOBALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...namespaces.map((namespace): [string, unknown] => [namespace.name, namespace]),
  ...Object.entries(freeFunctions),
  ...Object.entries(guests({ ...helperFunctions, $jmespath: jmespath, $jmesPath: jmespath })),
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);
