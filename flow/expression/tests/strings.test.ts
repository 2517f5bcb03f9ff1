import { describe, expect, test } from "vitest";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

const evaluate = (expression: string) => evaluateTemplate(`={{ ${expression} }}`, testScope(), 0);

describe("n8n's string methods give what its documentation says", () => {
  test.each<[string, unknown]>([
    [`"aGVsbG8=".base64Decode()`, "hello"],
    [`"hello".base64Encode()`, "aGVsbG8="],
    [`"me@example.com".extractDomain()`, "example.com"],
    [`"http://n8n.io/workflows".extractDomain()`, "n8n.io"],
    [`"It's me@example.com".extractEmail().extractDomain()`, "example.com"],
    [`"My email is me@example.com".extractEmail()`, "me@example.com"],
    [`"nothing here".extractEmail()`, undefined],
    [`"Check out http://n8n.io".extractUrl()`, "http://n8n.io"],
    [`"no link".extractUrl()`, undefined],
    [`"http://n8n.io/workflows".extractUrlPath()`, "/workflows"],
    [`"https://example.com/orders/1/detail".extractUrlPath()`, "/orders/1/detail"],
    [`"Check out http://n8n.io/workflows".extractUrl().extractUrlPath()`, "/workflows"],
    [`"hello".hash()`, "5d41402abc4b2a76b9719d911017c592"],
    [`"hello".hash("base64")`, "aGVsbG8="],
    [`"hello".hash("sha1")`, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"],
    [`"hello".hash("sha256")`, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"],
    [`"hello".hash("ripemd160")`, "108f07b8382412612c048d07d13f814118445acd"],
    [`"hello".hash("sha224").length`, 56],
    [`"hello".hash("sha384").length`, 96],
    [`"hello".hash("sha512").length`, 128],
    [`"hello".hash("sha3").length`, 128],
    [`"n8n.io".isDomain()`, true],
    [`"http://n8n.io".isDomain()`, false],
    [`"hello".isDomain()`, false],
    [`"me@example.com".isEmail()`, true],
    [`"It's me@example.com".isEmail()`, false],
    [`"hello".isEmail()`, false],
    [`"".isEmpty()`, true],
    [`"hello".isEmpty()`, false],
    [`null.isEmpty()`, true],
    [`"hello".isNotEmpty()`, true],
    [`"".isNotEmpty()`, false],
    [`"1.2234".isNumeric()`, true],
    [`"hello".isNumeric()`, false],
    [`"123E23".isNumeric()`, true],
    [`"https://n8n.io".isUrl()`, true],
    [`"n8n.io".isUrl()`, false],
    [`"hello".isUrl()`, false],
    [`'{"name":"Nathan"}'.parseJson()`, { name: "Nathan" }],
    [`"{'name':'Nathan'}".parseJson()`, undefined],
    [`'hello'.parseJson()`, undefined],
    [`'Nathan says "hi"'.quote()`, '"Nathan says \\"hi\\""'],
    [`"it's".quote("'")`, "'it\\'s'"],
    [`"*bold*, [link]()".removeMarkdown()`, "bold, link"],
    [`"# Title\\n- **one**\\n- \`two\`".removeMarkdown()`, "Title\none\ntwo"],
    [`"<b>bold</b>, <a>link</a>".removeTags()`, "bold, link"],
    [`"déjà".replaceSpecialChars()`, "deja"],
    [`"true".toBoolean()`, true],
    [`"false".toBoolean()`, false],
    [`"0".toBoolean()`, false],
    [`"No".toBoolean()`, false],
    [`"hello".toBoolean()`, true],
    [`"123".toNumber()`, 123],
    [`"1.23E10".toNumber()`, 12300000000],
    [`"12.7".toInt()`, 12],
    [`"12.7".toFloat()`, 12.7],
    [`"quick! brown FOX".toSentenceCase()`, "Quick! Brown fox"],
    [`"quick brown $FOX".toSnakeCase()`, "quick_brown_fox"],
    [`"quick a brown FOX".toTitleCase()`, "Quick a Brown Fox"],
    [`'The "best" colours: red\\nbrown'.toJsonString()`, '"The \\"best\\" colours: red\\nbrown"'],
    [`"name%3DNathan%20Automat".urlDecode()`, "name=Nathan Automat"],
    [`"name%3DNathan%20Automat".urlDecode(true)`, "name%3DNathan Automat"],
    [`"name=Nathan Automat".urlEncode()`, "name%3DNathan%20Automat"],
    [`"name=Nathan Automat".urlEncode(true)`, "name=Nathan%20Automat"],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });
});

describe("JavaScript's string methods, as the documentation shows them", () => {
  test.each<[string, unknown]>([
    [`'work'.concat('a', 'holic')`, "workaholic"],
    [`'Team'.toLowerCase().includes('tea')`, true],
    [`'STEAM'.toLowerCase().indexOf('tea')`, 1],
    [`"rock and roll".match(/r[^ ]*/g)`, ["rock", "roll"]],
    [`"rock and roll".match(/r[^ ]*/)`, ["rock"]],
    [`"ROCK and roll".match(/r[^ ]*/ig)`, ["ROCK", "roll"]],
    [`'Red or blue or green'.replace('or', 'and')`, "Red and blue or green"],
    [`"Mr Blue has a blue house and a blue car".replace(/blue/gi, "red")`, "Mr red has a red house and a red car"],
    [`"Mr Blue has a blue house".replace(/blue|house|car/i, function (x) { return x.toUpperCase(); })`, "Mr BLUE has a blue house"],
    [`'Mr Blue has a blue car'.replaceAll(/blue|car/gi, x => x.toUpperCase())`, "Mr BLUE has a BLUE CAR"],
    [`"Neat n8n node".search(/n[^ ]*/)`, 5],
    [`"Neat n8n node".search(/n[^ ]*/i)`, 0],
    [`'Hello from n8n'.slice(-3)`, "n8n"],
    [`"me? you, and her".split(/[ ,?]+/)`, ["me", "you", "and", "her"]],
    [`"me and you and her".split("and")`, ["me ", " you ", " her"]],
    [`'Hello from n8n'.substring(0, 5)`, "Hello"],
    [`'   lonely   '.trim()`, "lonely"],
    [`"hello".length`, 5],
  ])("%s", (expression, expected) => {
    const result = evaluate(expression);
    expect(Array.isArray(result) ? [...result] : result).toEqual(expected);
  });
});

describe("wrong arguments of string methods are errors that name the method", () => {
  test.each([
    [`"x".hash("md6")`, /hash\(\): unknown algorithm "md6"/],
    [`"abc".toNumber()`, /toNumber\(\): cannot convert "abc" to a number/],
    [`"soon".toDateTime()`, /toDateTime\(\): cannot convert "soon"/],
    [`(5).toTitleCase()`, /toTitleCase\(\) is only callable on type "String"/],
    [`undefined.toTitleCase()`, /toTitleCase\(\) can't be used on undefined value/],
    [`null.hash()`, /hash\(\) can't be used on null value/],
  ])("%s", (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ name: "ExpressionError" }));
  });

  test("an optional call on missing data is no error", () => {
    expect(evaluate("$json.missing?.toTitleCase()")).toBeUndefined();
  });
});

describe("scans of hostile texts are linear", () => {
  test.each([
    `"@".repeat(100000).extractEmail()`,
    `("a".repeat(200) + "@").repeat(500).extractEmail()`,
    `"<".repeat(200000).removeTags().length`,
    `"[".repeat(50000).removeMarkdown().length`,
    `"*a".repeat(30000).removeMarkdown().length`,
    `" ".repeat(100000).toSentenceCase().length`,
    `"http://".repeat(20000).extractUrl()`,
    `"a.".repeat(50000).isDomain()`,
  ])("%s", (expression) => {
    const start = performance.now();
    try {
      evaluate(expression);
    } catch (error) {
      expect(error).toMatchObject({ name: "ExpressionError" });
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
