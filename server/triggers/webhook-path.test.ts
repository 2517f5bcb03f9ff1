import { expect, it } from "vitest";
import { matchPath, pathBelowHook } from "./webhook-path";

it("takes the parameters of a path by their names", () => {
  expect(matchPath("orders/:orderId", "orders/17")).toEqual({ orderId: "17" });
  expect(matchPath("/users/:user/posts/:post/", "users/a%2Fb/posts/%C3%A4")).toEqual({ user: "a/b", post: "ä" });
  expect(Object.keys(matchPath(":__proto__", "x") ?? {})).toEqual(["__proto__"]);
});

it("answers at no other path", () => {
  expect(matchPath("", "")).toEqual({});
  for (const [pattern, path] of [
    ["", "orders"],
    ["orders", ""],
    ["orders/:id", "orders"],
    ["orders/:id", "orders/1/2"],
    ["orders/:id", "users/1"],
    [":id", "%E0%A4%A"],
  ]) {
    expect(matchPath(pattern as string, path as string), `${pattern} ${path}`).toBeNull();
  }
});

it("finds what stands below a webhook's URL", () => {
  expect(pathBelowHook("http://localhost/api/hooks/abc/orders/17?x=/y")).toBe("orders/17");
  expect(pathBelowHook("/api/hooks/test/abc/orders")).toBe("orders");
  expect(pathBelowHook("http://localhost/api/hooks/abc?x=1")).toBe("");
  expect(pathBelowHook("http://localhost/api/hooks/abc/")).toBe("");
});
