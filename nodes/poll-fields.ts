import { z } from "zod";
import { field } from "@/flow/node/field";
import { scheduleRuleSchema } from "./schedule-trigger/definition";

/** Parameters that every polling trigger has beside its own: spread them into its schema, last. */
export const pollFields = {
  rules: field(
    z
      .array(scheduleRuleSchema)
      .min(1)
      .max(50)
      .default([scheduleRuleSchema.parse({ every: "minutes", interval: 5 })]),
    "Check",
    { description: "When to look whether there is something new." },
  ),
  each: field(z.enum(["batch", "event"]).default("batch"), "Start", {
    description: "What happens when several things are new at once.",
    labels: { batch: "One execution with all that is new", event: "One execution for each" },
  }),
};
