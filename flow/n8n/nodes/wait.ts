import type { Mapped, NodeMapping } from "../source";

const UNITS = { seconds: "seconds", minutes: "minutes", hours: "hours", days: "days" };

/** Wait 1–1.1. */
export const wait: NodeMapping = (source): Mapped => {
  const resume = source.option(
    "resume",
    { timeInterval: "interval", specificTime: "time", webhook: "webhook", form: "form" },
    "timeInterval",
  );
  const latest = source.version >= 1.1;
  if (resume === "interval") {
    const parameters = {
      resume,
      amount: source.number("amount", latest ? 5 : 1),
      unit: source.option("unit", UNITS, latest ? "seconds" : "hours"),
    };
    return { type: "wait", parameters };
  }
  if (resume === "time") return { type: "wait", parameters: { resume, dateTime: source.text("dateTime") } };
  if (resume === "form")
    return { type: "wait", parameters: {}, placeholder: "waits for a form to be filled in, which has no counterpart yet" };
  if (source.option("incomingAuthentication", { none: false, basicAuth: true, headerAuth: true, jwtAuth: true }, "none")) {
    source.note("incomingAuthentication", "the resume URL is signed instead: only who was given it can call it");
  }
  source.ignore("httpMethod", "options.webhookSuffix");
  return {
    type: "wait",
    parameters: {
      resume,
      limitWait: source.fixedFlag("limitWaitTime"),
      limitType: source.option("limitType", { afterTimeInterval: "interval", atSpecifiedTime: "time" }, "afterTimeInterval"),
      limitAmount: source.number("resumeAmount", 1),
      limitUnit: source.option("resumeUnit", UNITS, "hours"),
      limitDateTime: source.text("maxDateAndTime"),
    },
  };
};
