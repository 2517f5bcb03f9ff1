import { expect, it } from "vitest";
import { type FlowSettings, flowSettingsSchema } from "@/flow/graph/schema";
import { fieldsOf, readFields } from "./fields";

const full: FlowSettings = {
  timezone: "Europe/Berlin",
  maxVisits: 500,
  timeoutMs: 90_000,
  priority: -3,
  concurrency: { limit: 2, key: "={{ $json.customer }}", overlap: "cancelPrevious" },
  debounce: { ms: 1500, maxMs: 3_600_000 },
  throttle: { limit: 10, periodMs: 60_000, key: "fixed" },
  retryPolicy: { maxAttempts: 4, waitMs: 0, backoff: "fixed" },
  errorFlow: "flow-1",
};

it("gives back the settings that it was made of", () => {
  for (const settings of [full, {}]) {
    const read = readFields(fieldsOf(settings), settings);
    expect(read).toEqual({ settings, errors: {} });
    expect(flowSettingsSchema.parse(read.settings)).toEqual(settings);
  }
});

it("writes times in the largest unit that says them exactly", () => {
  const fields = fieldsOf(full);
  expect(fields.timeout).toEqual({ amount: "90", unit: "seconds" });
  expect(fields.debounce.wait).toEqual({ amount: "1500", unit: "milliseconds" });
  expect(fields.debounce.most).toEqual({ amount: "1", unit: "hours" });
});

it("takes out what was switched off or emptied, and keeps what the form does not show", () => {
  const fields = fieldsOf(full);
  const { settings } = readFields(
    {
      ...fields,
      timezone: " ",
      maxVisits: "",
      priority: "",
      timeout: { amount: "", unit: "minutes" },
      concurrency: { ...fields.concurrency, on: false },
      debounce: { ...fields.debounce, on: false },
      throttle: { ...fields.throttle, on: false },
      retry: { ...fields.retry, on: false },
    },
    full,
  );
  expect(settings).toEqual({ errorFlow: "flow-1" });
});

it("says what is wrong where it is", () => {
  const fields = fieldsOf(full);
  const { errors } = readFields(
    {
      ...fields,
      timezone: "Nowhere",
      concurrency: { ...fields.concurrency, limit: "0", key: "{{ $json. }}" },
      throttle: { ...fields.throttle, period: { amount: "9", unit: "days" } },
      retry: { ...fields.retry, attempts: "many" },
    },
    full,
  );
  expect(Object.keys(errors).sort()).toEqual(["concurrency.key", "concurrency.limit", "retry.attempts", "throttle.period", "timezone"]);
});
