import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { FormPage } from "@/flow/forms/form-page";
import type { NodeExecutor, Suspension } from "@/flow/node/context";
import { after, at, limitOf } from "../wait-limit";
import { webAddress } from "../web-address";
import type { wait } from "./definition";

type Parameters = z.infer<typeof wait.parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  const parameters = context.parameters(0);
  const { timezone } = await context.scopeData([]);
  const outputs = [context.items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
  return { outputs, suspend: suspension(parameters, timezone) };
};

function suspension(parameters: Parameters, timezone: string): Suspension {
  const { resume } = parameters;
  if (resume === "interval") return { kind: "sleep", until: after(parameters.amount, parameters.unit, "amount") };
  if (resume === "time") return { kind: "sleep", until: at(parameters.dateTime, "dateTime", timezone) };
  const until = limitOf(parameters, timezone);
  if (resume === "event") {
    const { eventName, eventPath, eventValue } = parameters;
    if (!/^[\w.:/-]+$/.test(eventName)) {
      throw new ParameterError("eventName", `${JSON.stringify(eventName)} is no event's name: it has letters, digits and . : / _ -`);
    }
    const value = typeof eventValue === "string" ? eventValue : JSON.stringify(eventValue ?? null);
    const named = { kind: "event", event: "named", form: "event", name: eventName, path: eventPath.trim(), value } as const;
    return { ...named, ...(until !== undefined && { until }) };
  }
  if (resume === "form") {
    return { kind: "event", event: "resume", form: "form", page: pageOf(parameters), ...(until !== undefined && { until }) };
  }
  return {
    kind: "event",
    event: "resume",
    form: resume,
    ...(until !== undefined && { until }),
    ...(resume === "approval" && parameters.message !== "" && { message: parameters.message }),
  };
}

function pageOf(parameters: Parameters): FormPage {
  const { formTitle: title, formDescription: description, fields, buttonLabel, formRespond, responseText } = parameters;
  const page = { title, description, fields, buttonLabel };
  if (formRespond === "lastNode") return { ...page, ending: null };
  const url = parameters.respondWith === "redirect" ? webAddress(parameters.redirectUrl) : null;
  return { ...page, ending: url ? { kind: "redirect", url } : { kind: "text", title: title || "Thank you", text: responseText } };
}
