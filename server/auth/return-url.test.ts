import { expect, test } from "vitest";
import { returnUrl } from "./return-url";

const origin = "https://app.example.test";

test.each([
  ["/flows?a=1#b", `${origin}/flows?a=1#b`],
  [`${origin}/flows`, `${origin}/flows`],
  [origin, origin],
])("%s is ours", (given, expected) => {
  expect(returnUrl(given, origin)).toBe(expected);
});

test.each<unknown>([
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "https://evil.example",
  "https://app.example.test.evil.example",
  "https://app.example.test@evil.example",
  "http://app.example.test",
  "javascript:alert(1)",
  "data:text/html,x",
  "http://[",
  "\u0000",
  "x".repeat(5_000),
  ["/flows"],
  { toString: () => "/flows" },
  null,
  undefined,
])("%j leads to the front page", (given) => {
  expect(returnUrl(given, origin)).toBe(origin);
});
