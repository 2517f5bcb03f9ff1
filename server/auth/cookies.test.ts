import { afterEach, expect, test, vi } from "vitest";
import { resetEnv } from "../env";
import { organizationCookie, parseCookies, sessionCookieName } from "./cookies";
import { authOptions } from "./options";

const reachedAt = (url: string) => {
  vi.stubEnv("DATABASE_URL", "postgresql://localhost/unused");
  vi.stubEnv("NEXTAUTH_SECRET", "a secret for tests that nobody uses elsewhere");
  vi.stubEnv("NEXTAUTH_URL", url);
  resetEnv();
};
afterEach(() => {
  vi.unstubAllEnvs();
  resetEnv();
});

test("over HTTPS every cookie of ours is bound to the host, Secure, and out of the reach of scripts", () => {
  reachedAt("https://app.example.test");
  expect(sessionCookieName()).toBe("__Host-tolstoy.session");
  const { useSecureCookies, cookies } = authOptions();
  expect(useSecureCookies).toBe(true);
  expect(cookies?.sessionToken).toEqual({
    name: "__Host-tolstoy.session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: true },
  });
  expect(organizationCookie("a;b")).toBe("__Host-tolstoy.organization=a%3Bb; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure");
});

test("on the own machine they are the same without what plain HTTP cannot have", () => {
  reachedAt("http://localhost:3000");
  expect(authOptions().cookies?.sessionToken?.options).toMatchObject({ httpOnly: true, sameSite: "lax", secure: false });
  expect(organizationCookie("a")).toBe("tolstoy.organization=a; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
});

test("whatever a sender writes for cookies is read without a fault", () => {
  for (const header of ["", ";", "=", "a", "a=%", "__proto__=x; a=1", "a=1; a=2", "\u0000=\u0000", "x".repeat(100_000), "a=b=c;;;d"]) {
    expect(() => parseCookies(header)).not.toThrow();
  }
  expect(parseCookies("a=1; a=2; __proto__=x").a).toBe("1");
  expect(({} as { x?: unknown }).x).toBeUndefined();
});
