import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const PARTS = ["year", "month", "week", "day", "hour", "minute", "second"] as const;
const PART_LABELS = { year: "Year", month: "Month", week: "Week", day: "Day", hour: "Hour", minute: "Minute", second: "Second" };
const UNITS = ["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"] as const;

const calculates = { operation: ["addToDate", "subtractFromDate"] };

export const dateTime = defineNode({
  type: "date-time",
  version: 1,
  name: "Date & Time",
  description: "Formats dates, rounds them, adds to them and compares them.",
  category: "data",
  icon: "calendar-clock",
  parameters: z.object({
    operation: field(
      z
        .enum(["getCurrentDate", "formatDate", "addToDate", "subtractFromDate", "roundDate", "extractDate", "getTimeBetweenDates"])
        .default("getCurrentDate"),
      "Operation",
      {
        labels: {
          getCurrentDate: "Get the current date",
          formatDate: "Format a date",
          addToDate: "Add to a date",
          subtractFromDate: "Subtract from a date",
          roundDate: "Round a date",
          extractDate: "Extract a part of a date",
          getTimeBetweenDates: "Get the time between dates",
        },
      },
    ),
    includeTime: field(z.boolean().default(true), "With the time", {
      description: "Off: midnight of the day.",
      showIf: { operation: ["getCurrentDate"] },
    }),
    timezone: field(z.string().default(""), "Time zone", {
      description: "Empty: the flow's.",
      placeholder: "Europe/Berlin",
      showIf: { operation: ["getCurrentDate"] },
      advanced: true,
    }),
    date: field(z.unknown().default(""), "Date", {
      placeholder: "={{ $json.createdAt }}",
      showIf: { operation: ["formatDate", "addToDate", "subtractFromDate", "roundDate", "extractDate"] },
    }),
    duration: field(z.number().default(0), "Duration", { showIf: calculates }),
    timeUnit: field(z.enum(UNITS).default("days"), "Unit", { showIf: calculates }),
    format: field(z.string().default("MM/dd/yyyy"), "Format", {
      description: "Luxon's tokens: yyyy year, MM month, dd day, HH hour, mm minute, ss second, X seconds and x milliseconds since 1970.",
      placeholder: "yyyy-MM-dd HH:mm",
      showIf: { operation: ["formatDate"] },
    }),
    fromFormat: field(z.string().default(""), "Format of the given date", {
      description: "For dates that are not recognised by themselves.",
      placeholder: "dd.MM.yyyy",
      showIf: { operation: ["formatDate"] },
      advanced: true,
    }),
    fromTimezone: field(z.string().default(""), "Time zone of the given date", {
      description: "For dates that name none. Empty: the flow's.",
      placeholder: "Europe/Berlin",
      showIf: { operation: ["formatDate"] },
      advanced: true,
    }),
    toTimezone: field(z.string().default(""), "Time zone of the result", {
      description: "Empty: see the other options.",
      placeholder: "America/New_York",
      showIf: { operation: ["formatDate", "addToDate", "subtractFromDate"] },
      advanced: true,
    }),
    useFlowTimezone: field(z.boolean().default(false), "In the flow's time zone", {
      description: "Off: in the zone that the date names.",
      showIf: { operation: ["formatDate"] },
      advanced: true,
    }),
    mode: field(z.enum(["roundDown", "roundUp"]).default("roundDown"), "Round", {
      labels: { roundDown: "Down", roundUp: "Up" },
      showIf: { operation: ["roundDate"] },
    }),
    toNearest: field(z.enum(PARTS).default("month"), "To", { labels: PART_LABELS, showIf: { operation: ["roundDate"] } }),
    part: field(z.enum(PARTS).default("month"), "Part", { labels: PART_LABELS, showIf: { operation: ["extractDate"] } }),
    startDate: field(z.unknown().default(""), "Start", { showIf: { operation: ["getTimeBetweenDates"] } }),
    endDate: field(z.unknown().default(""), "End", { showIf: { operation: ["getTimeBetweenDates"] } }),
    units: field(
      z
        .array(z.enum(["year", "month", "week", "day", "hour", "minute", "second", "millisecond"]))
        .max(8)
        .default(["day"]),
      "Units",
      { description: "Each takes what is left by the larger ones.", showIf: { operation: ["getTimeBetweenDates"] } },
    ),
    isoString: field(z.boolean().default(false), "As ISO 8601", {
      description: "One text, like P1Y3M13D, in place of a number for each unit.",
      showIf: { operation: ["getTimeBetweenDates"] },
      advanced: true,
    }),
    outputFieldName: field(z.string().default(""), "Put result in", {
      description: "Empty: currentDate, formattedDate, newDate, roundedDate, datePart or timeDifference.",
    }),
    includeInputFields: field(z.boolean().default(false), "Keep the other fields"),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
  sample: [{ currentDate: "2026-01-31T09:30:00.000+01:00" }],
});
