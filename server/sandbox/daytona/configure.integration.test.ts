import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkDaytona, checkMail } from "@/cli/doctor/check-services";
import { type SecretsManagerServer, startSecretsManager } from "@/e2e/support/secrets-manager/server";
import type { SandboxJob } from "@/flow/node/context";
import { type Environment, env, resetEnv } from "@/server/env";
import { createHttpClient } from "@/server/http/guarded-client";
import { type DaytonaServer, startDaytonaServer } from "@/server/testing/daytona-server";
import { startSmtpSink } from "@/server/testing/smtp-sink";
import { daytonaOf } from "./configure";

let daytona: DaytonaServer;
let aws: SecretsManagerServer;
let http: ReturnType<typeof createHttpClient>;
const NAMES = [
  "USE_AWS_SECRETS",
  "AWS_SECRET_NAME",
  "AWS_SECRETS_ENDPOINT",
  "DAYTONA_API_KEY",
  "DAYTONA_BASE_URL",
  "SMTP_URL",
  "MAIL_FROM",
];

beforeAll(async () => {
  process.env.DATABASE_URL ??= "postgresql://none.invalid/none";
  process.env.AWS_ACCESS_KEY_ID = "test";
  process.env.AWS_SECRET_ACCESS_KEY = "test";
  [daytona, aws] = await Promise.all([startDaytonaServer(), startSecretsManager()]);
  http = createHttpClient({ allowlist: [daytona.host] });
});
beforeEach(() => aws.secrets.clear());
afterEach(() => {
  for (const name of NAMES) delete process.env[name];
  resetEnv();
});
afterAll(async () => {
  await http.close();
  await Promise.all([daytona.close(), aws.close()]);
});

const settings = (values: Record<string, string>): Environment => {
  Object.assign(process.env, values);
  resetEnv();
  return env();
};
const inAws = (text: string, more: Record<string, string> = {}): Environment => {
  // A process reads the secret anew after five minutes; here at once.
  (globalThis as { tolstoyAwsSecrets?: unknown }).tolstoyAwsSecrets = undefined;
  const versions = [{ id: "1", stages: ["AWSCURRENT"], text }];
  aws.secrets.set("tolstoy-app", { name: "tolstoy-app", tags: [], versions });
  return settings({ USE_AWS_SECRETS: "true", AWS_SECRET_NAME: "tolstoy-app", AWS_SECRETS_ENDPOINT: aws.url, ...more });
};
const run = (of: Environment) => daytonaOf(of, http)?.run({ language: "javascript", code: "return 6 * 7", globals: {} } as SandboxJob);
const environment = () => ({ DAYTONA_API_KEY: daytona.apiKey, DAYTONA_BASE_URL: daytona.url });

describe("Daytona's key", () => {
  it("is the environment's", async () => {
    expect((await run(settings(environment())))?.value).toBe(42);
    expect(daytonaOf(settings({ DAYTONA_API_KEY: "" }), http)).toBeUndefined();
  });

  it("is that of the operator's secret in AWS Secrets Manager, over the environment's", async () => {
    const of = inAws(JSON.stringify({ ...environment(), DAYTONA_SYNC_TIMEOUT: 20_000, OTHER: "x" }), { DAYTONA_API_KEY: "an old one" });
    expect((await run(of))?.value).toBe(42);
    expect((await run(of))?.value).toBe(42);
    expect(aws.calls.filter(({ secret }) => secret === "tolstoy-app")).toHaveLength(1);
  });

  it("is the environment's where the secret does not name one", async () => {
    expect((await run(inAws("{}", environment())))?.value).toBe(42);
  });

  it.each([
    ["without one anywhere", "{}", /not set up here\. Set DAYTONA_API_KEY, or put it into the secret "tolstoy-app"/],
    ["with settings that are none", "no JSON", /is not a JSON object of settings/],
    ["with a wrong one", '{"DAYTONA_BASE_URL":"nonsense"}', /DAYTONA_BASE_URL in the secret "tolstoy-app" .* is wrong: it must be a URL/],
  ])("says what to do %s, and no value", async (_, text, message) => {
    await expect(run(inAws(text))).rejects.toThrow(message);
  });

  it("says so when the secret is not there", async () => {
    const of = inAws("{}");
    aws.secrets.clear();
    await expect(run(of)).rejects.toThrow(/cannot be read from the secret "tolstoy-app".*ResourceNotFoundException/);
  });
});

describe("the doctor", () => {
  it("tries Daytona's key where it is set, and does not show it", async () => {
    expect(await checkDaytona(settings({}))).toMatchObject({ state: "off", text: expect.stringContaining("DAYTONA_API_KEY") });
    expect(await checkDaytona(settings(environment()))).toMatchObject({ state: "ok", text: expect.stringContaining("30 s, or 300 s") });
    const refused = await checkDaytona(settings({ ...environment(), DAYTONA_API_KEY: "dtn_wrong_key" }));
    expect(refused).toMatchObject({ state: "broken", text: expect.stringContaining("refuses the key (401)") });
    const unreachable = await checkDaytona(settings({ ...environment(), DAYTONA_BASE_URL: "http://127.0.0.1:1" }));
    expect(unreachable).toMatchObject({ state: "broken" });
    expect(JSON.stringify([refused, unreachable])).not.toMatch(/dtn_/);
    expect(await checkDaytona(inAws(JSON.stringify(environment())))).toMatchObject({ state: "ok" });
    expect(await checkDaytona(inAws("no JSON"))).toMatchObject({ state: "broken" });
  });

  it("tries the mail server, and does not show its password", async () => {
    const sink = await startSmtpSink();
    const MAIL_FROM = "tolstoy@example.test";
    expect(await checkMail(settings({}))).toMatchObject({ state: "off" });
    const at = (user: string) => settings({ MAIL_FROM, SMTP_URL: `smtp://${user}@127.0.0.1:${sink.port}` });
    expect(await checkMail(at("shop:correct%20horse"))).toMatchObject({ state: "ok", text: `sent by 127.0.0.1:${sink.port}` });
    const wrong = await checkMail(at("shop:hunter2hunter2"));
    expect(wrong).toMatchObject({ state: "broken" });
    expect(wrong.text).not.toContain("hunter2");
    await sink.close();
  });
});
