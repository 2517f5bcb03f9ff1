import { DateTime, type DateTimeUnit } from "luxon";
import { afterAll, expect, it } from "vitest";
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest } from "../testing/execute";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

/** A small generator of its own: the same cases in every run. */
let state = 7;
const draw = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state % below;
};
const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;

const UNITS: DateTimeUnit[] = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"];
const FORMAT = "yyyy-MM-dd HH:mm:ss.SSS ZZ | y L d h a EEEE EEE MMM MMMM yy q o ooo X Z 'at' c";

it.each(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"])(
  "dates in code equal luxon's in %s",
  async (timezone) => {
    const now = Date.UTC(2026, 2, 1);
    const cases = Array.from({ length: 300 }, () => ({
      at: now + (draw(1_000_000_000) - 500_000_000) * 200,
      unit: pick(UNITS),
      amount: { [`${pick(UNITS)}s`]: draw(12) - 6, hours: draw(50) },
    }));
    const { json } = await executeForTest("code", {
      sandbox,
      timezone,
      now: new Date(now),
      items: [{ cases }],
      parameters: {
        code: `return { results: $json.cases.map(({ at, unit, amount }) => {
        const t = DateTime.fromMillis(at);
        return [t.toISO(), t.plus(amount).toISO(), t.minus(amount).toISO(), t.startOf(unit).toISO(), t.endOf(unit).toISO(), t.toFormat(${JSON.stringify(FORMAT)}), DateTime.fromISO(t.toISO()).toMillis(), Math.round(t.diff(DateTime.fromMillis(${now}), unit).as(unit) * 1000)];
      }) }`,
      },
    });
    const expected = cases.map(({ at, unit, amount }) => {
      const time = DateTime.fromMillis(at, { zone: timezone, locale: "en-US" });
      const difference = Math.round(time.diff(DateTime.fromMillis(now, { zone: timezone }), unit).as(unit) * 1000);
      return [
        time.toISO(),
        time.plus(amount).toISO(),
        time.minus(amount).toISO(),
        time.startOf(unit).toISO(),
        time.endOf(unit).toISO(),
        time.toFormat(FORMAT),
        at,
        difference,
      ];
    });
    expect(json[0]?.[0]?.results).toEqual(expected);
  },
);
