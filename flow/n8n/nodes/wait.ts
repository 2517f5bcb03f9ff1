import type { Mapped, NodeMapping } from "../source";
import { waitForm } from "./forms";
import { WAIT_UNITS, waitLimit } from "./wait-limit";

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
      unit: source.option("unit", WAIT_UNITS, latest ? "seconds" : "hours"),
    };
    return { type: "wait", parameters };
  }
  if (resume === "time") return { type: "wait", parameters: { resume, dateTime: source.text("dateTime") } };
  if (resume === "form") return { type: "wait", parameters: { resume, ...waitForm(source), ...waitLimit(source) } };
  if (source.option("incomingAuthentication", { none: false, basicAuth: true, headerAuth: true, jwtAuth: true }, "none")) {
    source.note("incomingAuthentication", "the resume URL is signed instead: only who was given it can call it");
  }
  source.ignore("httpMethod", "options.webhookSuffix");
  return {
    type: "wait",
    parameters: {
      resume,
      ...waitLimit(source),
    },
  };
};
