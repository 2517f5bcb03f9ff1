import { DateTime } from "luxon";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeExecutor, Suspension } from "@/flow/node/context";
import type { wait } from "./definition";

type Parameters = z.infer<typeof wait.parameters>;

const UNIT_MS = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
/** What a JavaScript date can hold at most. */
const LAST_INSTANT = 8.64e15;

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
  const until = parameters.limitWait
    ? parameters.limitType === "interval"
      ? after(parameters.limitAmount, parameters.limitUnit, "limitAmount")
      : at(parameters.limitDateTime, "limitDateTime", timezone)
    : undefined;
  if (resume === "event") {
    const { eventName, eventPath, eventValue } = parameters;
    if (!/^[\w.:/-]+$/.test(eventName)) {
      throw new ParameterError("eventName", `${JSON.stringify(eventName)} is no event's name: it has letters, digits and . : / _ -`);
    }
    const value = typeof eventValue === "string" ? eventValue : JSON.stringify(eventValue ?? null);
    const named = { kind: "event", event: "named", form: "event", name: eventName, path: eventPath.trim(), value } as const;
    return { ...named, ...(until !== undefined && { until }) };
  }
  return {
    kind: "event",
    event: "resume",
    form: resume,
    ...(until !== undefined && { until }),
    ...(resume === "approval" && parameters.message !== "" && { message: parameters.message }),
  };
}

function after(amount: number, unit: keyof typeof UNIT_MS, field: string): string {
  const instant = Date.now() + amount * UNIT_MS[unit];
  if (instant > LAST_INSTANT) throw new ParameterError(field, `${amount} ${unit} is longer than can be counted`);
  return new Date(instant).toISOString();
}

function at(text: string, field: string, timezone: string): string {
  const trimmed = text.trim();
  const time = [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822]
    .map((parse) => parse(trimmed, { zone: timezone }))
    .find((parsed) => parsed.isValid);
  if (!time) {
    throw new ParameterError(
      field,
      trimmed === "" ? "is empty: say when to go on" : `"${trimmed.slice(0, 100)}" is not a date and time, like 2026-12-24T18:00:00`,
    );
  }
  return time.toJSDate().toISOString();
}
