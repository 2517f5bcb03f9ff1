import { describe, expect, it, vi } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const suspend = async (parameters: JsonObject, items: JsonObject[] = [{ a: 1 }], timezone = "UTC") =>
  (await executeForTest("wait", { parameters, items, timezone })).suspend;

describe("Wait", () => {
  it("sleeps for an interval", async () => {
    vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z"), toFake: ["Date"] });
    expect(await suspend({ amount: 90, unit: "minutes" })).toEqual({ kind: "sleep", until: "2026-01-01T01:30:00.000Z" });
    expect(await suspend({ amount: "={{ $json.a }}", unit: "days" })).toEqual({ kind: "sleep", until: "2026-01-02T00:00:00.000Z" });
    vi.useRealTimers();
  });

  it("sleeps until a time of the flow's zone", async () => {
    expect(await suspend({ resume: "time", dateTime: "2026-07-01T09:00:00" }, [{}], "Europe/Berlin")).toEqual({
      kind: "sleep",
      until: "2026-07-01T07:00:00.000Z",
    });
    expect(await suspend({ resume: "time", dateTime: "2026-07-01T09:00:00+00:00" }, [{}], "Europe/Berlin")).toEqual({
      kind: "sleep",
      until: "2026-07-01T09:00:00.000Z",
    });
    expect(await suspend({ resume: "time", dateTime: "2026-07-01 09:00:00" })).toEqual({
      kind: "sleep",
      until: "2026-07-01T09:00:00.000Z",
    });
  });

  it("says what is wrong with a time", async () => {
    await expect(suspend({ resume: "time" })).rejects.toThrow('Parameter "dateTime": is empty');
    await expect(suspend({ resume: "time", dateTime: "soon" })).rejects.toThrow('"soon" is not a date and time');
    await expect(suspend({ amount: 1e300, unit: "days" })).rejects.toThrow("longer than can be counted");
    await expect(suspend({ amount: -1 })).rejects.toThrow('Parameter "amount"');
  });

  it("waits for a call or an approval, for a limited time when asked", async () => {
    vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z"), toFake: ["Date"] });
    expect(await suspend({ resume: "webhook" })).toEqual({ kind: "event", event: "resume", form: "webhook" });
    expect(await suspend({ resume: "approval", message: "=Pay {{ $json.a }}?" })).toEqual({
      kind: "event",
      event: "resume",
      form: "approval",
      message: "Pay 1?",
    });
    expect(await suspend({ resume: "webhook", limitWait: true, limitAmount: 2, limitUnit: "hours" })).toMatchObject({
      until: "2026-01-01T02:00:00.000Z",
    });
    expect(await suspend({ resume: "webhook", limitWait: true, limitType: "time", limitDateTime: "2026-02-01" })).toMatchObject({
      until: "2026-02-01T00:00:00.000Z",
    });
    vi.useRealTimers();
  });

  it("waits for its form, and says what follows once that is sent", async () => {
    const asking = { resume: "form", formTitle: "=Order {{ $json.a }}", fields: [{ label: "Name" }], responseText: "Noted" };
    expect(await suspend(asking)).toMatchObject({
      kind: "event",
      event: "resume",
      form: "form",
      page: { title: "Order 1", fields: [{ label: "Name", type: "text" }], ending: { kind: "text", text: "Noted" } },
    });
    expect(await suspend({ ...asking, respondWith: "redirect", redirectUrl: "https://example.com/a" })).toMatchObject({
      page: { ending: { kind: "redirect", url: "https://example.com/a" } },
    });
    expect(await suspend({ ...asking, formRespond: "lastNode" })).toMatchObject({ page: { ending: null } });
  });

  it("waits for an event by its name and a value in it", async () => {
    const named = { resume: "event", eventName: "order.paid", eventPath: "order.id", eventValue: "={{ $json.a }}" };
    expect(await suspend(named)).toEqual({
      kind: "event",
      event: "named",
      form: "event",
      name: "order.paid",
      path: "order.id",
      value: "1",
    });
    await expect(suspend({ ...named, eventName: "two words" })).rejects.toThrow('Parameter "eventName": "two words" is no event');
  });

  it("passes its items on, paired", async () => {
    const { outputs } = await executeForTest("wait", { items: [{ a: 1 }, { a: 2 }] });
    expect(outputs[0]?.map(({ json, pairedItem }) => [json.a, pairedItem])).toEqual([
      [1, { item: 0 }],
      [2, { item: 1 }],
    ]);
  });
});
