import { beforeEach, expect, test } from "vitest";
import { resetEnv } from "../env";
import { seal, unseal } from "./seal";

const keys = (text: string | undefined) => {
  if (text === undefined) delete process.env.TOLSTOY_MASTER_KEYS;
  else process.env.TOLSTOY_MASTER_KEYS = text;
  resetEnv();
};
const ONE = `k1:${"1".repeat(32)}`;
const TWO = `k2:${"2".repeat(32)}`;

beforeEach(() => {
  process.env.DATABASE_URL ??= "postgresql://none.invalid/none";
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  keys(undefined);
});

test("a secret opens for its owner alone, and looks different each time", () => {
  const sealed = seal("hunter2 ü", "org:a");
  expect(unseal(sealed, "org:a")).toBe("hunter2 ü");
  expect(sealed).not.toContain("hunter2");
  expect(seal("hunter2 ü", "org:a")).not.toBe(sealed);
  expect(() => unseal(sealed, "org:b")).toThrow();
});

test("a changed text, a shortened one and another key's do not open", () => {
  const sealed = seal("hunter2", "o");
  const [version, id, iv, body = ""] = sealed.split(".");
  const flipped = `${body[0] === "A" ? "B" : "A"}${body.slice(1)}`;
  for (const wrong of [
    [version, id, iv, flipped],
    [version, id, iv, body.slice(0, 10)],
    [version, "k9", iv, body],
    ["v0", id, iv, body],
    [],
  ]) {
    expect(() => unseal(wrong.join("."), "o")).toThrow();
  }
  process.env.NEXTAUTH_SECRET = "another secret for tests that nobody uses";
  resetEnv();
  expect(() => unseal(sealed, "o")).toThrow();
});

test("keys rotate: the first one seals, the older ones and that of before there were any still open", () => {
  const first = seal("zero", "o");
  keys(ONE);
  const second = seal("one", "o");
  keys(`${TWO},${ONE}`);
  const third = seal("two", "o");
  expect([first, second, third].map((sealed) => sealed.split(".")[1])).toEqual(["auth", "k1", "k2"]);
  expect([first, second, third].map((sealed) => unseal(sealed, "o"))).toEqual(["zero", "one", "two"]);
  keys(TWO);
  expect(() => unseal(second, "o")).toThrow('"k1"');
});

test.each(["k1", "k1:short", `${ONE},${ONE}`, `${ONE},`])("keys such as %s are refused without being printed", (text) => {
  keys(text);
  expect(() => seal("x", "o")).toThrow(/^TOLSTOY_MASTER_KEYS is wrong: (?!.*11111)/);
});
