import { randomBytes } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { resetEnv } from "../env";
import { secretWeakness } from "./secret-weakness";
import { authSecret } from "./settings";

afterEach(() => {
  vi.unstubAllEnvs();
  resetEnv();
});

const WEAK = [
  "",
  "secret",
  "changeme-changeme-changeme-changeme",
  "your-secret-here-your-secret-here-0123",
  "a".repeat(64),
  "example-0123456789-abcdefghijklmnopq",
  "k3J9xQ",
];

test.each(WEAK)("%j is no secret", (secret) => {
  expect(secretWeakness(secret)).toMatch(/^is /);
});

test("what openssl makes is one", () => {
  for (let count = 0; count < 200; count++) expect(secretWeakness(randomBytes(32).toString("hex"))).toBeNull();
});

test.each(WEAK)("in production nothing is signed with %j", (secret) => {
  vi.stubEnv("NODE_ENV", "production");
  vi.stubEnv("DATABASE_URL", "postgresql://localhost/unused");
  vi.stubEnv("NEXTAUTH_SECRET", secret);
  resetEnv();
  expect(() => authSecret()).toThrow(/^NEXTAUTH_SECRET is /);
});
