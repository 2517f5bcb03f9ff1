import type { Json } from "@/flow/item";
import { canonical } from "../equal-values";
import type { Summary } from "./definition";

const PREFIX: Record<Summary["aggregation"], string> = {
  append: "appended",
  average: "average",
  concatenate: "concatenated",
  count: "count",
  countUnique: "unique_count",
  max: "max",
  min: "min",
  sum: "sum",
};

/** `order.total price` as `order_total_price`: what a field is called once it stands beside others. */
export const plainName = (name: string): string => name.replace(/[\][\]"']/g, "").replace(/[ .]/g, "_");

export const summaryName = ({ aggregation, field }: Summary): string => `${PREFIX[aggregation]}_${plainName(field)}`;

export const isNumeric = ({ aggregation }: Summary): boolean => aggregation === "average" || aggregation === "sum";

type Comparable = number | string;

/** Summaries for which an empty value can be one of the values. */
const COUNTING: ReadonlySet<Summary["aggregation"]> = new Set(["append", "concatenate", "count", "countUnique"]);

export const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined || value === "";

const shown = (value: Json): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/**
 * One figure of a group.
 * @param values The field's values, null where it is missing; for sums and averages numbers and empty values only.
 */
export function summarized({ aggregation, includeEmpty, separateBy }: Summary, values: readonly Json[]): Json {
  const counted = includeEmpty && COUNTING.has(aggregation) ? values : values.filter((value) => !isEmpty(value));
  switch (aggregation) {
    case "append":
      return [...counted];
    case "concatenate":
      return counted.map((value) => (isEmpty(value) ? "" : shown(value))).join(separateBy);
    case "count":
      return counted.length;
    case "countUnique":
      return new Set(counted.map(canonical)).size;
    case "sum":
      return (counted as number[]).reduce((sum, value) => sum + value, 0);
    case "average":
      return counted.length === 0 ? null : (counted as number[]).reduce((sum, value) => sum + value, 0) / counted.length;
    case "max":
      return extreme(counted, (a, b) => a > b);
    case "min":
      return extreme(counted, (a, b) => a < b);
  }
}

/** Text is compared as text: ISO dates and names have a least and a greatest, too. */
function extreme(values: readonly Json[], wins: (a: Comparable, b: Comparable) => boolean): Json {
  return values.reduce<Json>((best, value) => (best === null || wins(value as Comparable, best as Comparable) ? value : best), null);
}
