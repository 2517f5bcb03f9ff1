import { expect, test } from "vitest";
import { parseEnvironment } from "./env";

const valid = { DATABASE_URL: "postgresql://user:secret@db/app" };
const failure = (changes: Record<string, string>) => {
  try {
    parseEnvironment({ ...valid, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

test("an empty environment with a database gets the defaults", () => {
  expect(parseEnvironment(valid)).toMatchObject({
    PORT: 3000,
    HOST: "127.0.0.1",
    DATA_DIR: ".data",
    EXECUTION_ENGINE: "auto",
    HTTP_ALLOWLIST: [],
    TRUST_PROXY: 0,
    ABLY_TLS: true,
  });
});

test("an empty value counts as not set", () => {
  expect(parseEnvironment({ ...valid, PORT: "", GITHUB_ID: " " })).toMatchObject({ PORT: 3000 });
});

test("lists are split at commas", () => {
  const settings = parseEnvironment({ ...valid, HTTP_ALLOWLIST: "localhost:3000, [::1]:80,", EXPRESSION_ENV_ALLOWLIST: "REGION" });
  expect(settings.HTTP_ALLOWLIST).toEqual(["localhost:3000", "[::1]:80"]);
  expect(settings.EXPRESSION_ENV_ALLOWLIST).toEqual(["REGION"]);
});

test("TRUST_PROXY takes true, false or a number of proxies", () => {
  expect(["true", "false", "2", "1", "0"].map((value) => parseEnvironment({ ...valid, TRUST_PROXY: value }).TRUST_PROXY)).toEqual([
    1, 0, 2, 1, 0,
  ]);
});

test.each([
  ["PORT", "eighty"],
  ["PORT", "70000"],
  ["EXECUTION_ENGINE", "temporal"],
  ["HTTP_ALLOWLIST", "localhost"],
  ["HTTP_ALLOWLIST", "http://localhost:80"],
  ["EXPRESSION_ENV_ALLOWLIST", "A B"],
  ["MAX_BODY_BYTES", "12"],
  ["LOG_LEVEL", "loud"],
  ["DATABASE_URL", "mysql://db/app"],
  ["DATABASE_URL", "nonsense"],
  ["ABLY_API_KEY", "half"],
  ["INNGEST_BASE_URL", "inngest:8288"],
  ["TRUST_PROXY", "maybe"],
])("a wrong %s (%s) is one line that names it", (name, value) => {
  const message = failure({ [name]: value });
  expect(message).toMatch(new RegExp(`^${name} is wrong: it .+`));
  expect(message).not.toContain("\n");
});

test("a wrong DATABASE_URL is reported without its password", () => {
  expect(failure({ DATABASE_URL: "mysql://user:hunter2@db/app" })).not.toContain("hunter2");
});

test("a missing DATABASE_URL says how to get one", () => {
  expect(() => parseEnvironment({})).toThrow(/^DATABASE_URL is not set\. `npm start`/);
});

test("half a sign-in provider is refused", () => {
  expect(failure({ GITHUB_ID: "id" })).toMatch(/^GITHUB_SECRET is not set, and GITHUB_ID is/);
});

test("the engine cannot be an Inngest that is not configured", () => {
  expect(failure({ EXECUTION_ENGINE: "inngest" })).toMatch(/^EXECUTION_ENGINE is wrong/);
  expect(failure({ EXECUTION_ENGINE: "inngest", INNGEST_DEV: "http://127.0.0.1:8288" })).toBe("accepted");
  expect(failure({ EXECUTION_ENGINE: "inngest", INNGEST_EVENT_KEY: "e", INNGEST_SIGNING_KEY: "s" })).toBe("accepted");
});
