import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

const evaluate = (expression: string) => evaluateTemplate(`={{ ${expression} }}`, testScope(), 0);

describe("n8n's number and boolean methods give what its documentation says", () => {
  test.each<[string, unknown]>([
    ["(-1.7).abs()", 1.7],
    ["(1.234).ceil()", 2],
    ["(1.234).floor()", 1],
    ["(123456.789).format('de-DE')", "123.456,789"],
    ["(123456.789).format('de-DE', {'style': 'currency', 'currency': 'EUR'})", "123.456,79\u00a0€"],
    ["(1234.5).format()", "1,234.5"],
    ["(10).isEmpty()", false],
    ["(0).isEmpty()", false],
    ["(33).isEven()", false],
    ["(33).isOdd()", true],
    ["(-3).isOdd()", true],
    ["(4).isInteger()", true],
    ["(4.12).isInteger()", false],
    ["(1.256).round()", 1],
    ["(1.256).round(1)", 1.3],
    ["(1.256).round(2)", 1.26],
    ["(12).toBoolean()", true],
    ["(0).toBoolean()", false],
    ["(500000.125).toLocaleString()", "500,000.125"],
    ["(500000.125).toLocaleString('fr-FR')", "500\u202f000,125"],
    ["(500000.125).toString()", "500000.125"],
    ["(500000.125).toString(16)", "7a120.2"],
    ["true.toNumber()", 1],
    ["false.toNumber()", 0],
    ["true.isEmpty()", false],
    ["true.toString()", "true"],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  test.each([
    ["(1708695471).toDateTime('s')", "2024-02-23T14:37:51.000+01:00"],
    ["(1708695471000).toDateTime('ms')", "2024-02-23T14:37:51.000+01:00"],
    ["(1708695471000).toDateTime()", "2024-02-23T14:37:51.000+01:00"],
    ["(1708695471000000).toDateTime('us')", "2024-02-23T14:37:51.000+01:00"],
    ["(45345).toDateTime('excel')", "2024-02-23T01:00:00.000+01:00"],
  ])("%s", (expression, expected) => {
    const result = evaluate(expression);
    expect(result).toBeInstanceOf(DateTime);
    expect((result as DateTime).toISO()).toBe(expected);
  });

  test.each([
    ["(1.5).isEven()", /isEven\(\): 1.5 is not a whole number/],
    ["(1.5).isOdd()", /isOdd/],
    ["(1).toDateTime('weeks')", /unsupported format "weeks"/],
    ["(1).round(500)", /0 to 100 decimal places/],
  ])("%s is an error", (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
  });
});
