import { Cron } from "croner";
import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const timed = ["days", "weeks", "months"];

const cronProblem = (expression: string): string | null => {
  try {
    new Cron(expression, { paused: true });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
  }
};

const ruleFields = z.object({
  every: field(z.enum(["minutes", "hours", "days", "weeks", "months", "cron"]).default("days"), "Every", {
    labels: { minutes: "Minutes", hours: "Hours", days: "Days", weeks: "Weeks", months: "Months", cron: "Custom (cron)" },
  }),
  interval: field(z.number().int().min(1).max(1000).default(1), "Interval", {
    description: "1: each one, 2: every second one, …",
    showIf: { every: ["minutes", "hours", ...timed] },
  }),
  weekdays: field(z.array(z.number().int().min(0).max(6)).default([1]), "Weekdays", {
    description: "0 is Sunday, 6 Saturday.",
    showIf: { every: ["weeks"] },
  }),
  dayOfMonth: field(z.number().int().min(1).max(31).default(1), "Day of the month", {
    description: "In a shorter month the last day.",
    showIf: { every: ["months"] },
  }),
  hour: field(z.number().int().min(0).max(23).default(0), "Hour", {
    description: "In the flow's time zone, see the flow's settings.",
    showIf: { every: timed },
  }),
  minute: field(z.number().int().min(0).max(59).default(0), "Minute", { showIf: { every: ["hours", ...timed] } }),
  cron: field(z.string().max(200).default("0 9 * * 1-5"), "Cron expression", {
    description: "Minute, hour, day of month, month, day of week; optionally seconds in front.",
    placeholder: "0 9 * * 1-5",
    expression: false,
    showIf: { every: ["cron"] },
  }),
});

export const scheduleRuleSchema = ruleFields.refine(({ every, cron }) => every !== "cron" || cronProblem(cron) === null, {
  path: ["cron"],
  error: ({ input }) => `is not a cron expression: ${cronProblem((input as z.infer<typeof ruleFields>).cron)}`,
});
export type ScheduleRule = z.infer<typeof scheduleRuleSchema>;

export const scheduleTrigger = defineNode({
  type: "schedule-trigger",
  version: 1,
  name: "Schedule",
  description: "Starts the flow at set times, in the flow's time zone.",
  category: "trigger",
  icon: "clock",
  parameters: z.object({
    rules: field(
      z
        .array(scheduleRuleSchema)
        .max(50)
        .default([scheduleRuleSchema.parse({})]),
      "Rules",
      {
        description: "The flow starts whenever one of them is due.",
      },
    ),
    catchUp: field(z.enum(["skip", "last", "all"]).default("last"), "Missed times", {
      description: "What happens with times that passed while nothing ran: a restart, an outage. Never those at which the flow was off.",
      labels: { skip: "Skip them", last: "Make up for the last one", all: "Make up for each, up to the latest 1000" },
      advanced: true,
    }),
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "schedule",
  sample: [{ timestamp: "2026-03-02T09:00:00.000+01:00", "Day of week": "Monday", Hour: "09", Minute: "00" }],
});
