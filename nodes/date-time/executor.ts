import { DateTime, IANAZone } from "luxon";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { zoneOf } from "../route-items";
import type { dateTime } from "./definition";
import { parseDate } from "./parse-date";

type Parameters = z.infer<typeof dateTime.parameters>;
interface Work {
  parameters: Parameters;
  itemIndex: number;
  /** The flow's. */
  zone: string;
  /** A date that is given in a parameter, in the flow's zone. */
  date(field: "date" | "startDate" | "endDate"): DateTime;
  now(): DateTime;
}

const FIELDS: Record<Parameters["operation"], string> = {
  getCurrentDate: "currentDate",
  formatDate: "formattedDate",
  addToDate: "newDate",
  subtractFromDate: "newDate",
  roundDate: "roundedDate",
  extractDate: "datePart",
  getTimeBetweenDates: "timeDifference",
};

export const execute: NodeExecutor<Parameters> = (context) => {
  let zone: string | undefined;
  return mapItems(context, (item, itemIndex) => {
    zone ??= zoneOf(context, itemIndex)();
    const parameters = context.parameters(itemIndex);
    const result = OPERATIONS[parameters.operation](workOf(context, parameters, itemIndex, zone));
    const kept: JsonObject = parameters.includeInputFields ? item.json : {};
    return {
      json: setField(kept, parameters.outputFieldName || FIELDS[parameters.operation], result),
      ...(parameters.includeInputFields && item.binary && { binary: item.binary }),
      pairedItem: { item: itemIndex },
    };
  });
};

const workOf = (context: NodeContext<Parameters>, parameters: Parameters, itemIndex: number, zone: string): Work => ({
  parameters,
  itemIndex,
  zone,
  date: (field) => parseDate(parameters[field], { field, itemIndex, zone }).setZone(zone),
  now: () => DateTime.fromMillis(Number(context.evaluate("={{ $now.toMillis() }}", itemIndex)), { zone }),
});

/** Luxon's types tell valid dates from others; every date here is valid, or parsing would have failed. */
const iso = (date: DateTime): string => date.toISO() ?? "";

function checkZone(zone: string, field: string, itemIndex: number): void {
  if (!IANAZone.isValidZone(zone)) {
    throw new ParameterError(field, `'${zone}' is not a time zone; write it like Europe/Berlin`, itemIndex);
  }
}

/** The date in a zone that a parameter names; as it is where it names none. */
function inZone(date: DateTime, zone: string, field: string, itemIndex: number): DateTime {
  if (zone === "") return date;
  checkZone(zone, field, itemIndex);
  return date.setZone(zone);
}

const OPERATIONS: Record<Parameters["operation"], (work: Work) => Json> = {
  getCurrentDate({ parameters: { timezone, includeTime }, now, itemIndex }) {
    const date = inZone(now(), timezone, "timezone", itemIndex);
    return iso(includeTime ? date : date.startOf("day"));
  },
  formatDate({ parameters: { date: value, format, fromFormat, useFlowTimezone, fromTimezone, toTimezone }, zone, itemIndex }) {
    if (fromTimezone !== "") checkZone(fromTimezone, "fromTimezone", itemIndex);
    const date = parseDate(value, { field: "date", itemIndex, zone: fromTimezone || zone }, fromFormat);
    return inZone(useFlowTimezone ? date.setZone(zone) : date, toTimezone, "toTimezone", itemIndex).toFormat(format);
  },
  addToDate: ({ parameters: { duration, timeUnit, toTimezone }, date, itemIndex }) =>
    iso(inZone(date("date").plus({ [timeUnit]: duration }), toTimezone, "toTimezone", itemIndex)),
  subtractFromDate: ({ parameters: { duration, timeUnit, toTimezone }, date, itemIndex }) =>
    iso(inZone(date("date").minus({ [timeUnit]: duration }), toTimezone, "toTimezone", itemIndex)),
  roundDate({ parameters: { mode, toNearest }, date }) {
    const given = date("date");
    return iso(mode === "roundDown" ? given.startOf(toNearest) : given.plus({ [toNearest]: 1 }).startOf(toNearest));
  },
  extractDate({ parameters: { part }, date }) {
    const given = date("date");
    return part === "week" ? given.weekNumber : given[part];
  },
  getTimeBetweenDates({ parameters: { units, isoString }, date }) {
    const duration = date("endDate").diff(date("startDate"), units);
    return isoString ? (duration.toISO() ?? "") : (duration.toObject() as JsonObject);
  },
};
