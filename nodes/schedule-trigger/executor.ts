import { DateTime } from "luxon";
import type { JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";

/** Passes on the item of the slot that came due; a test run gets one for now. */
export const execute: NodeExecutor = async ({ items, scopeData }) => {
  if (items.length > 0 && Object.keys(items[0]?.json ?? {}).length > 0) return [[...items]];
  const { now, timezone } = await scopeData([]);
  return [[{ json: scheduleItem(new Date(now), timezone) }]];
};

/** What a schedule starts its flow with: the instant, and its parts in the flow's zone, as n8n names them. */
export function scheduleItem(at: Date, timezone: string): JsonObject {
  const time = DateTime.fromJSDate(at, { zone: timezone }).setLocale("en");
  return {
    timestamp: time.toISO(),
    "Readable date": `${time.toFormat("MMMM d")}${ordinal(time.day)} ${time.year}, ${time.toFormat("h:mm:ss a").toLowerCase()}`,
    "Readable time": time.toFormat("h:mm:ss a").toLowerCase(),
    "Day of week": time.weekdayLong,
    Year: time.toFormat("yyyy"),
    Month: time.toFormat("MMMM"),
    "Day of month": time.toFormat("dd"),
    Hour: time.toFormat("HH"),
    Minute: time.toFormat("mm"),
    Second: time.toFormat("ss"),
    Timezone: `${timezone} (UTC${time.toFormat("ZZ")})`,
  };
}

const ordinal = (day: number): string => {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
};
