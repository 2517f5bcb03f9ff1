import { expect, it } from "vitest";
import { bindQuery, splitValues } from "./sql-query";

it("takes expressions out of a query, with the quotes around them", () => {
  const text =
    "SELECT '{{ no }}' AS a, \"{{ b }}\", 'it''s' -- {{ c }}\nFROM t WHERE id = {{ $json['a}}'] }} AND name LIKE '%{{ $json.n }}''s'";
  expect(bindQuery(text, [7], "numbered")).toEqual({
    query: "SELECT $2 AS a, \"{{ b }}\", 'it''s' -- {{ c }}\nFROM t WHERE id = $3 AND name LIKE $4",
    parameters: [7, "={{ no }}", "={{ $json['a}}'] }}", "=%{{ $json.n }}'s"],
    bound: 3,
    left: ['"{{ b }}"', "-- {{ c }}"],
  });
});

it("numbers marks anew where a database has no numbers", () => {
  expect(bindQuery("SELECT $2, $1, $2, {{ x }}", ["a", "b"], "marks")).toMatchObject({
    query: "SELECT ?, ?, ?, ?",
    parameters: ["b", "a", "b", "={{ x }}"],
  });
});

it("splits values at commas that are in no expression", () => {
  expect(splitValues("{{ f(1, 2) }}, b ,{{ 'x}},' }}")).toEqual(["{{ f(1, 2) }}", "b", "{{ 'x}},' }}"]);
});
