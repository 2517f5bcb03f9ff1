import { DateTime, Duration, Interval, Settings } from "luxon";
import { describe, expect, test } from "vitest";
import { evaluateTemplate, toJson } from "../template";
import { testScope } from "../testing";

const evaluate = (expression: string) => evaluateTemplate(`={{ ${expression} }}`, testScope(), 0);
const json = (expression: string) => toJson(evaluate(expression));

describe("dates give what n8n's documentation says", () => {
  test.each<[string, unknown]>([
    [`"2024-03-30T18:49".toDateTime().day`, 30],
    [`"2024-03-30T18:49:07.234".toDateTime().diffTo('2025-01-01', 'days').round(2)`, 276.22],
    [`"2024-03-30T18:49:07.234".toDateTime().diffTo("2025-01-01T00:00:00.000".toDateTime(), ['months', 'days']).months`, 9],
    [`"2023-03-30T18:49:07.234".toDateTime().diffToNow('days').round(1)`, 366],
    [`"2023-03-30T18:49:07.234".toDateTime().diffToNow(['months', 'days'])`, { months: 12, days: 0 }],
    [`"2024-03-30T18:49".toDateTime().diffTo("2024-03-30T20:49".toDateTime(), 'hour')`, 2],
    [`"2024-03-20T18:49".toDateTime().endOf('month')`, "2024-03-31T23:59:59.999+02:00"],
    [`"2024-03-20T18:49+01:00".toDateTime().equals("2024-03-20T19:49+02:00".toDateTime())`, false],
    [`"2024-03-30T18:49".toDateTime().extract('month')`, 3],
    [`"2024-03-30T18:49".toDateTime().extract('hour')`, 18],
    [`"2024-03-30T18:49".toDateTime().extract()`, 13],
    [`"2024-04-30T18:49".toDateTime().format('dd/LL/yyyy')`, "30/04/2024"],
    [`"2024-04-30T18:49".toDateTime().format('dd LLL yy')`, "30 Apr 24"],
    [`"2024-04-30T18:49".toDateTime().setLocale('fr').format('dd LLL yyyy')`, "30 avr. 2024"],
    [`"2024-04-30T18:49".toDateTime().format("HH 'hours and' mm 'minutes'")`, "18 hours and 49 minutes"],
    [`"2024-03-20".toDateTime().hasSame("2024-03-18".toDateTime(), 'month')`, true],
    [`"1982-03-20".toDateTime().hasSame("2024-03-18".toDateTime(), 'month')`, false],
    [`"2024-03-30T18:49".toDateTime().isBetween('2020-06-01', '2025-06-01')`, true],
    [`"2024-03-30T18:49".toDateTime().isBetween('2020', $now)`, true],
    [`"2024-03-30T18:49".toDateTime().isInDST`, false],
    [`"2024-07-30T18:49".toDateTime().isDst()`, true],
    [`$now.locale`, "en-US"],
    [`"2024-03-30T18:49:07.234".toDateTime().millisecond`, 234],
    [`"2024-04-30T18:49".toDateTime().minus(7, 'days')`, "2024-04-23T18:49:00.000+02:00"],
    [`"2024-04-30T18:49".toDateTime().minus(4, 'years')`, "2020-04-30T18:49:00.000+02:00"],
    [`"2024-04-30T18:49".toDateTime().plus(7, 'days')`, "2024-05-07T18:49:00.000+02:00"],
    [`"2024-04-30T18:49".toDateTime().plus({ days: 1, hours: 2 })`, "2024-05-01T20:49:00.000+02:00"],
    [`"2024-03-30T18:49".toDateTime().monthLong`, "March"],
    [`"2024-03-30T18:49".toDateTime().setLocale('de-DE').monthLong`, "März"],
    [`"2024-03-30T18:49".toDateTime().monthShort`, "Mar"],
    [`"2024-03-30T18:49".toDateTime().quarter`, 1],
    [`"2024-03-30T18:49".toDateTime().set({year:1982, month:10})`, "1982-10-30T18:49:00.000+01:00"],
    [`"2024-04-30T18:49".toDateTime().setLocale('de-DE').toLocaleString({'dateStyle':'long'})`, "30. April 2024"],
    [`"2024-01-01T00:00:00.000+02:00".toDateTime().setZone('America/Buenos_aires')`, "2023-12-31T19:00:00.000-03:00"],
    [`"2024-01-01T00:00:00.000+02:00".toDateTime().setZone('UTC+7')`, "2024-01-01T05:00:00.000+07:00"],
    [`"2024-03-20T18:49".toDateTime().startOf('month')`, "2024-03-01T00:00:00.000+01:00"],
    [`"2024-03-20T18:49".toDateTime().beginningOf('year')`, "2024-01-01T00:00:00.000+01:00"],
    [`"2024-03-20T18:49".toDateTime().beginningOf()`, "2024-03-18T00:00:00.000+01:00"],
    [`"2024-02-20T18:49".toDateTime().endOfMonth()`, "2024-02-29T23:59:59.999+01:00"],
    [`"2024-01-01T00:00:00.000Z".toDateTime().toLocal()`, "2024-01-01T01:00:00.000+01:00"],
    [`"2024-04-30T22:00:58".toDateTime().toLocaleString()`, "4/30/2024"],
    [`"2024-04-30T22:00:58".toDateTime().toLocaleString({'dateStyle':'full'})`, "Tuesday, April 30, 2024"],
    [`"2024-04-30T22:00:58".toDateTime().toLocaleString({'month':'short', 'weekday':'short', 'day':'numeric'})`, "Tue, Apr 30"],
    [`$now.plus(1, 'day').toRelative()`, "in 1 day"],
    [`$now.plus(24, 'hours').toRelative({unit:'hours'})`, "in 24 hours"],
    [`$now.plus(1, 'day').toRelative({locale:'es'})`, "dentro de 1 día"],
    [`$now.toMillis()`, 1711820947234],
    [`$now.toSeconds()`, 1711820947.234],
    [`$now.toString()`, "2024-03-30T18:49:07.234+01:00"],
    [`"2024-01-01T00:00:00.000+02:00".toDateTime().toUTC()`, "2023-12-31T22:00:00.000Z"],
    [`"2024-03-30T18:49".toDateTime().weekday`, 6],
    [`"2024-03-30T18:49".toDateTime().isWeekend()`, true],
    [`"2024-03-30T18:49".toDateTime().weekdayLong`, "Saturday"],
    [`"2024-03-30T18:49".toDateTime().setLocale('fr-FR').weekdayShort`, "sam."],
    [`"2024-03-30T18:49".toDateTime().weekNumber`, 13],
    [`$now.zone`, { zoneName: "Europe/Berlin", valid: true }],
    [`$now.minus(3, 'days').isInLast(4, 'days')`, true],
    [`$now.minus(5, 'days').isInLast(4, 'days')`, false],
    [`new Date("2024-03-30T18:49:00Z").toDateTime().plus(5, 'days')`, "2024-04-04T19:49:00.000+02:00"],
    [`DateTime.fromISO('2019-06-23').diff(DateTime.fromISO('2019-05-23'), 'months').toObject()`, { months: 1 }],
    [`DateTime.fromFormat("23-06-2019", "dd-MM-yyyy")`, "2019-06-23T00:00:00.000+02:00"],
    [`DateTime.fromISO('2017-03-13').diff(DateTime.fromISO('2017-02-13'), 'months').toObject()`, { months: 1 }],
    [
      `(()=>{ let end = DateTime.fromISO('2017-03-13'); let start = DateTime.fromISO('2017-02-13'); let diffInMonths = end.diff(start, 'months'); return diffInMonths.toObject(); })()`,
      { months: 1 },
    ],
    [
      `"There are " + $today.diff(DateTime.fromISO($today.year + '-12-25'), 'days').toObject().days.toString().substring(1) + " days to Christmas!"`,
      "There are 270 days to Christmas!",
    ],
    [`$today`, "2024-03-30T00:00:00.000+01:00"],
    [`$today.minus({days: 7}).toLocaleString()`, "3/23/2024"],
    [`"Today's date is " + $now`, "Today's date is 1711820947234"],
    [`\`\${$now}\``, "2024-03-30T18:49:07.234+01:00"],
  ])("%s", (expression, expected) => {
    expect(json(expression)).toEqual(expected);
  });
});

describe("texts as dates", () => {
  test.each([
    ["2024-03-29T18:06:31.798+01:00", "2024-03-29T18:06:31.798+01:00"],
    ["Fri, 29 Mar 2024 18:08:01 +0100", "2024-03-29T18:08:01.000+01:00"],
    ["Fri, 29 Mar 2024 17:08:01 GMT", "2024-03-29T17:08:01.000Z"],
    ["20240329", "2024-03-29T00:00:00.000+01:00"],
    ["1711732132990", "2024-03-29T18:08:52.990+01:00"],
    ["2024-03-29 10:00:00", "2024-03-29T10:00:00.000+01:00"],
  ])("%s", (text, expected) => {
    expect(json(`${JSON.stringify(text)}.toDateTime()`)).toBe(expected);
  });

  test("a format of one's own", () => {
    expect(json(`"29.03.2024".toDateTime("dd.MM.yyyy")`)).toBe("2024-03-29T00:00:00.000+01:00");
  });

  test("an instant as JSON has it has the methods of dates", () => {
    expect(evaluate(`"2024-03-29T18:06:31.798Z".format("yyyy")`)).toBe("2024");
    expect(json(`"2024-03-29T18:06:31.798Z".plus(1, "day")`)).toBe("2024-03-30T18:06:31.798Z");
  });
});

describe("a Date stays a Date", () => {
  test.each(["plus(1, 'day')", "minus(1, 'day')", "beginningOf('month')", "endOfMonth()"])("%s", (call) => {
    expect(evaluate(`new Date("2024-03-30T18:49:00Z").${call}`)).toBeInstanceOf(Date);
  });

  test("new Date() and Date.now() stand where $now stands", () => {
    expect(evaluate("new Date().getTime() === $now.toMillis() && Date.now() === $now.toMillis()")).toBe(true);
  });
});

test("dates come out as luxon's values", () => {
  expect(evaluate("$now")).toBeInstanceOf(DateTime);
  expect(evaluate("Duration.fromObject({ days: 1 })")).toBeInstanceOf(Duration);
  expect(evaluate("Interval.after($now, { days: 1 })")).toBeInstanceOf(Interval);
  expect(json("Duration.fromObject({ days: 1 })")).toBe("P1D");
});

test("luxon's global settings are the app's again after an evaluation, also a failed one", () => {
  const before = [Settings.defaultZone.name, Settings.defaultLocale, Settings.now];
  evaluate("$now.toLocal()");
  expect(() => evaluate("$now.plus('x')")).toThrow();
  evaluate("$now.nothing.at.all");
  expect([Settings.defaultZone.name, Settings.defaultLocale, Settings.now]).toEqual(before);
});

test("an unknown unit is an error that names the method", () => {
  expect(() => evaluate("$now.plus(1, 'fortnights')")).toThrow(/plus\(\): unknown unit "fortnights"/);
  expect(() => evaluate("$now.isBetween('2020')")).toThrow(/isBetween\(\): expected two dates/);
});
