import { runInThisContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import type { Json } from "@/flow/item";
// The real sandbox: what this node promises only shows when its prelude runs. Product code of `nodes/` never imports it.
import { createSandbox } from "@/server/sandbox/sandbox";
import { executeForTest } from "../testing/execute";

const sandbox = createSandbox({ size: 1 });
afterAll(() => sandbox.close());

const run = async (expressions: string[], items: { [key: string]: Json }[] = [{}], timezone = "UTC"): Promise<Json> => {
  const { json } = await executeForTest("code", {
    sandbox,
    timezone,
    items,
    parameters: { code: `return { results: [${expressions.join(",\n")}] }` },
  });
  return json[0]?.[0]?.results ?? null;
};
/** The same expressions here: what a platform is is known by this one. Some versions of it write a narrow space before AM and PM. */
const here = (expressions: string[]): Json =>
  JSON.parse(JSON.stringify(runInThisContext(`(require) => [${expressions.join(",")}]`)()).replace(/\u202f(?=[AP]M|[ap]m)/g, " ")) as Json;

describe("what code finds of its platform is what Node gives", () => {
  const EXPRESSIONS: Record<string, string[]> = {
    Buffer: [
      'Buffer.from("grüße 😀").toString("base64")',
      'Buffer.from("Z3LDvMOfZSDwn5iA", "base64").toString("utf-8")',
      'Buffer.from("68656c6c6f", "hex").toString()',
      'Buffer.from("a?>~", "utf8").toString("base64url")',
      'Buffer.from([104, 105]).toString("hex")',
      'Buffer.byteLength("ü")',
      'Buffer.concat([Buffer.from("a"), Buffer.from("b")]).toString()',
      'Buffer.from("abc").length',
      'Buffer.from("abcdef").slice(1, 3).toString()',
      'JSON.stringify(Buffer.from("hi"))',
      'Buffer.isBuffer(Buffer.from("")) && Buffer.alloc(2).equals(Buffer.from([0, 0]))',
      "Buffer.from([0xff, 0x41]).toString()",
      'Buffer.from("ÿé", "latin1").toString("hex")',
    ],
    "base64 and text": [
      'btoa("hello") + atob("aGVsbG8=")',
      'Array.from(new TextEncoder().encode("é€"))',
      "new TextDecoder().decode(new Uint8Array([226, 130, 172]))",
      "structuredClone({ a: [1, { b: new Date(0) }] })",
      "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())",
    ],
    URL: [
      'new URL("https://user:pw@Example.com:8080/a/../b c?x=1&y=ä#top").href',
      'new URL("https://example.com:443").href',
      'new URL("/docs?q=1", "https://example.com/a/b").href',
      'new URL("../c", "https://example.com/a/b/").pathname',
      'new URL("https://example.com/a?x=1&x=2").searchParams.getAll("x")',
      'Object.fromEntries(new URL("https://n8n.io/?a=b+c&d=%20e").searchParams)',
      '(() => { const u = new URL("https://example.com/?a=1"); u.searchParams.set("b", "x y"); return u.toString(); })()',
      '["protocol", "host", "hostname", "port", "pathname", "search", "hash", "origin"].map((part) => new URL("http://a.b:81/c?d#e")[part])',
      '(() => { try { new URL("nowhere"); return "no error"; } catch (error) { return error.message; } })()',
      'new URLSearchParams({ a: "1 2", b: "ä&=" }).toString()',
      'new URLSearchParams("?a=1&b=2").get("b")',
      'new URL("mailto:me@example.com").pathname',
    ],
    numbers: [0, 5, 1234.5, 1234567.891, -1234.5, 0.1256, 1e6, 999.995].flatMap((number) => [
      `(${number}).toLocaleString("en-US")`,
      `(${number}).toLocaleString("de-DE")`,
      `(${number}).toLocaleString("fr-FR")`,
      `(${number}).toLocaleString("en-IN")`,
      `(${number}).toLocaleString("es-ES")`,
      `(${number}).toLocaleString("en-US", { style: "currency", currency: "USD" })`,
      `(${number}).toLocaleString("de-DE", { style: "currency", currency: "EUR" })`,
      `(${number}).toLocaleString("pt-BR", { style: "currency", currency: "BRL" })`,
      `(${number}).toLocaleString("en-US", { style: "currency", currency: "EUR", minimumFractionDigits: 0 })`,
      `(${number}).toLocaleString("ja-JP", { style: "currency", currency: "JPY" })`,
      `(${number}).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })`,
      `(${number}).toLocaleString(undefined, { maximumFractionDigits: 1 })`,
      `(${number}).toLocaleString("en-US", { style: "percent", maximumFractionDigits: 1 })`,
      `new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" }).format(${number})`,
    ]),
    dates: [
      "{}",
      '{ month: "long", day: "numeric", year: "numeric" }',
      '{ month: "short", day: "numeric" }',
      '{ weekday: "long" }',
      '{ year: "numeric", month: "2-digit", day: "2-digit" }',
      '{ weekday: "short", month: "short", day: "numeric", year: "numeric" }',
      '{ month: "long", year: "numeric" }',
      '{ dateStyle: "medium" }',
      '{ dateStyle: "full" }',
      '{ timeZone: "UTC" }',
      '{ month: "long" }',
      '{ hour: "2-digit", minute: "2-digit" }',
      '{ month: "numeric", day: "numeric" }',
      '{ day: "numeric" }',
    ].flatMap((options) =>
      ["en-US", "en-GB", "de-DE"].flatMap((locale) => [
        `new Date(Date.UTC(2024, 0, 5, 15, 4, 9)).toLocaleDateString("${locale}", { timeZone: "UTC", ...${options} })`,
        `new Date(Date.UTC(2024, 8, 25, 0, 4, 9)).toLocaleString("${locale}", { timeZone: "UTC", ...${options} })`,
      ]),
    ),
    times: [
      '{ hour: "numeric", minute: "2-digit" }',
      "{}",
      "{ hour12: false }",
      '{ timeStyle: "short" }',
      '{ hour: "2-digit", minute: "2-digit", hour12: true }',
    ].flatMap((options) =>
      ["en-US", "en-GB", "de-DE"].map(
        (locale) => `new Date(Date.UTC(2024, 0, 5, 15, 4, 9)).toLocaleTimeString("${locale}", { timeZone: "UTC", ...${options} })`,
      ),
    ),
    "zones that code names": [
      'new Date(Date.UTC(2024, 6, 5, 23, 4)).toLocaleString("en-US", { timeZone: "America/New_York" })',
      'new Date(Date.UTC(2024, 0, 5, 23, 4)).toLocaleDateString("en-GB", { timeZone: "Asia/Kolkata" })',
      'new Intl.DateTimeFormat("en-US", { timeZone: "Europe/Berlin", dateStyle: "long", timeStyle: "short" }).format(new Date(0))',
    ],
    "order of texts": [
      '["b", "a", "C", "ä", "1", "A", "10", "2"].sort((x, y) => x.localeCompare(y))',
      '["file10", "file2", "File1"].sort((x, y) => x.localeCompare(y, undefined, { numeric: true, sensitivity: "base" }))',
      '"a".localeCompare("A", "en", { sensitivity: "base" })',
    ],
  };
  it.each(Object.entries(EXPRESSIONS))("%s", async (_, expressions) => {
    const [given, expected] = [(await run(expressions)) as Json[], here(expressions) as Json[]];
    const shown = (values: Json[]): string[] => values.map((value, index) => `${expressions[index]} → ${JSON.stringify(value)}`);
    expect(shown(given)).toEqual(shown(expected));
  });
});

describe("dates in code", () => {
  it("are luxon's, all of it, in the flow's zone and in those that the code names", async () => {
    const results = await run(
      [
        "$now.zoneName",
        'DateTime.fromFormat("05/03/2024 14:30", "dd/MM/yyyy HH:mm").toISO()',
        'DateTime.fromISO("2024-03-30T12:00:00Z").setZone("America/New_York").toFormat("yyyy-MM-dd HH:mm ZZZZ")',
        'DateTime.fromISO("2024-01-31").plus({ months: 1 }).toISODate()',
        'DateTime.fromISO("2024-01-01").diff(DateTime.fromISO("2023-12-25"), ["weeks", "days"]).toObject()',
        'Interval.fromDateTimes(DateTime.fromISO("2024-01-01"), DateTime.fromISO("2024-01-11")).length("days")',
        "Duration.fromObject({ hours: 25, minutes: 70 }).normalize().toISO()",
        'DateTime.fromISO("2024-05-06").toLocaleString(DateTime.DATE_FULL)',
        'DateTime.fromISO("2024-05-06").weekNumber',
        "DateTime.now().minus({ days: 2 }).toRelative()",
        'DateTime.fromISO("nonsense").isValid',
        "$today.hour",
      ],
      [{}],
      "Europe/Berlin",
    );
    expect(results).toEqual([
      "Europe/Berlin",
      "2024-03-05T14:30:00.000+01:00",
      expect.stringMatching(/^2024-03-30 08:00 /),
      "2024-02-29",
      { weeks: 1, days: 0 },
      10,
      "PT26H10M",
      "May 6, 2024",
      19,
      "2 days ago",
      false,
      0,
    ]);
  });

  it("can be searched with $jmespath", async () => {
    expect(
      await run(
        ['$jmespath($json, "people[?age > `30`].name")'],
        [
          {
            people: [
              { name: "Ada", age: 36 },
              { name: "Bob", age: 20 },
            ],
          },
        ],
      ),
    ).toEqual([["Ada"]]);
  });
});
