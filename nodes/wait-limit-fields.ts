import { z } from "zod";
import { field } from "@/flow/node/field";

type When = Record<string, (string | number | boolean)[]>;

export const waitUnit = z.enum(["seconds", "minutes", "hours", "days"]);
export const waitUnitLabels = { seconds: "Seconds", minutes: "Minutes", hours: "Hours", days: "Days" };

/** Parameters by which a wait for somebody ends by itself, shown while `when` holds. */
export const waitLimitFields = (when: When) => {
  const afterwards = { ...when, limitWait: [true] };
  return {
    limitWait: field(z.boolean().default(false), "Limit the wait", {
      description: "Goes on with the items as they came when nothing has happened by then.",
      showIf: when,
    }),
    limitType: field(z.enum(["interval", "time"]).default("interval"), "Limit", {
      labels: { interval: "After a time interval", time: "At a specified time" },
      showIf: afterwards,
    }),
    limitAmount: field(z.number().min(0).default(1), "At most", { showIf: { ...afterwards, limitType: ["interval"] } }),
    limitUnit: field(waitUnit.default("hours"), "Unit", {
      labels: waitUnitLabels,
      showIf: { ...afterwards, limitType: ["interval"] },
    }),
    limitDateTime: field(z.string().default(""), "At the latest", { showIf: { ...afterwards, limitType: ["time"] } }),
  };
};
