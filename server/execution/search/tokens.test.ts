import { expect, it } from "vitest";
import { MOST_TOKENS, parseSearch, searchTokens, TokenSet } from "./tokens";

const found = (json: object, search: string, organization = "org"): boolean => {
  const tokens = new TokenSet("org");
  tokens.addItems([{ json: json as never }]);
  const wanted = searchTokens(organization, search);
  return wanted.length > 0 && wanted.every((token) => tokens.values.includes(token));
};

it("finds a value by itself, by its key, and by its path", () => {
  const json = { order_id: 123, customer: { name: "Ada Lovelace", tags: [{ id: "VIP" }] }, paid: true };
  for (const search of [
    "123",
    "order_id = 123",
    "order_id:123",
    "ada lovelace",
    'name = "Ada Lovelace"',
    "customer.tags.id=vip",
    "paid = true",
    "order_id = 123 and id = VIP",
  ]) {
    expect(found(json, search), search).toBe(true);
  }
  for (const search of ["12", "order_id = 124", "customer = 123", "customer.id = vip", "true", "order_id = 123 and id = none", ""]) {
    expect(found(json, search), search).toBe(false);
  }
});

it("takes an address for a value, and keeps organizations apart", () => {
  expect(parseSearch("https://example.com/a")).toEqual([{ key: null, value: "https://example.com/a" }]);
  expect(found({ a: 1 }, "a = 1", "other")).toBe(false);
});

it("has no more than its share, however much there is", () => {
  const tokens = new TokenSet("org");
  tokens.addItems(Array.from({ length: 10_000 }, (_, n) => ({ json: { n, text: `t${n}` } })));
  expect(tokens.values).toHaveLength(MOST_TOKENS);
});
