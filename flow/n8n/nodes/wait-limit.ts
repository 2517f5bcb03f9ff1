import type { JsonObject } from "../../item";
import type { Source } from "../source";

export const WAIT_UNITS = { seconds: "seconds", minutes: "minutes", hours: "hours", days: "days" };

/** When a wait for somebody ends by itself. */
export const waitLimit = (source: Source): JsonObject => ({
  limitWait: source.fixedFlag("limitWaitTime"),
  limitType: source.option("limitType", { afterTimeInterval: "interval", atSpecifiedTime: "time" }, "afterTimeInterval"),
  limitAmount: source.number("resumeAmount", 1),
  limitUnit: source.option("resumeUnit", WAIT_UNITS, "hours"),
  limitDateTime: source.text("maxDateAndTime"),
});
