import { expect, it } from "vitest";
import { safeReturnPath } from "./return-path";

it("returns to a page of this site, with its query", () => {
  expect(safeReturnPath("/flows/abc?tab=runs#x")).toBe("/flows/abc?tab=runs#x");
  expect(safeReturnPath(["/executions", "/other"])).toBe("/executions");
});

it.each(["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "/a\\b", "javascript:alert(1)", "", undefined])(
  "does not follow %j out of the site",
  (value) => {
    expect(safeReturnPath(value)).toBe("/flows");
  },
);

it("does not come back to the sign-in page itself", () => {
  expect(safeReturnPath("/sign-in?next=/sign-in")).toBe("/flows");
  expect(safeReturnPath("/register")).toBe("/flows");
});
