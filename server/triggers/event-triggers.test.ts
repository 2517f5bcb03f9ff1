import { expect, it } from "vitest";
import { matchesName } from "./event-triggers";

it("takes * for any text, and nothing else for a pattern", () => {
  for (const [pattern, name] of [
    ["order.created", "order.created"],
    ["order.*", "order.created"],
    ["*", "x"],
    ["*.created", "order.created"],
    ["a*b*c", "a-b-b-c"],
    ["a*", "a"],
  ]) {
    expect(matchesName(pattern as string, name as string), `${pattern} ${name}`).toBe(true);
  }
  for (const [pattern, name] of [
    ["order", "orders"],
    ["order.*", "orders.created"],
    ["aba*aba", "aba"],
    ["a*b*c", "a-c-b"],
    ["a.c", "abc"],
    ["", "x"],
  ]) {
    expect(matchesName(pattern as string, name as string), `${pattern} ${name}`).toBe(false);
  }
});
