import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SecretsManagerServer, startSecretsManager } from "@/e2e/support/secrets-manager/server";
import { createAwsSecretStore } from "./aws-store";
import type { SecretStore } from "./secret-store";

const owner = { organizationId: "org-1", credentialId: "cred-1", tool: "slack" };
const fields = { api_key: "sk-1234567890abcdef" };

let aws: SecretsManagerServer;
let store: SecretStore;
let clock: number;
let client: SecretsManagerClient;

beforeEach(async () => {
  process.env.DATABASE_URL ??= "postgresql://none.invalid/none";
  aws = await startSecretsManager();
  clock = 1_000_000;
  client = new SecretsManagerClient({
    region: "us-east-1",
    endpoint: aws.url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  store = createAwsSecretStore({ client: async () => client, now: () => clock });
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

const reads = () => aws.calls.filter(({ operation }) => operation === "GetSecretValue").length;

describe("AWS Secrets Manager", () => {
  it("holds fields under tolstoy/{organization}/{tool}, by signed calls", async () => {
    const kept = await store.put(owner, fields);
    expect([...aws.secrets.keys()]).toEqual(["tolstoy/org-1/slack"]);
    expect(kept).not.toContain("sk-");
    expect(await store.get(owner, kept)).toEqual(fields);
    expect(aws.calls.every(({ signed }) => signed)).toBe(true);
  });

  it("gives a tool's second credential a name of its own, and deletes each alone", async () => {
    const first = await store.put(owner, fields);
    const second = await store.put({ ...owner, credentialId: "cred-2" }, { api_key: "another key of it" });
    expect([...aws.secrets.keys()]).toEqual(["tolstoy/org-1/slack", "tolstoy/org-1/slack/cred-2"]);
    await store.delete(owner, first);
    expect([...aws.secrets.keys()]).toEqual(["tolstoy/org-1/slack/cred-2"]);
    expect(await store.get({ ...owner, credentialId: "cred-2" }, second)).toEqual({ api_key: "another key of it" });
  });

  it("opens not for another organization or credential", async () => {
    const kept = await store.put(owner, fields);
    await expect(store.get({ ...owner, organizationId: "org-2" }, kept)).rejects.toThrow("not what was stored");
    await expect(store.get({ ...owner, credentialId: "cred-2" }, kept)).rejects.toThrow("not what was stored");
    await expect(store.delete({ ...owner, organizationId: "org-2" }, kept)).rejects.toThrow("not what was stored");
  });

  it("asks AWS once for many who ask at the same time, and again after five minutes", async () => {
    const kept = await store.put(owner, fields);
    await Promise.all(Array.from({ length: 20 }, () => store.get(owner, kept)));
    expect(reads()).toBe(1);
    clock += 4 * 60_000;
    await store.get(owner, kept);
    expect(reads()).toBe(1);
    clock += 2 * 60_000;
    await store.get(owner, kept);
    expect(reads()).toBe(2);
  });

  it("reads a changed secret at once", async () => {
    const kept = await store.put(owner, fields);
    await store.get(owner, kept);
    const changed = await store.put(owner, { api_key: "sk-rotated-and-new" }, kept);
    expect(await store.get(owner, changed)).toEqual({ api_key: "sk-rotated-and-new" });
  });

  it("serves the last value while AWS fails, for an hour", async () => {
    const kept = await store.put(owner, fields);
    await store.get(owner, kept);
    aws.fail({ drop: true });
    clock += 6 * 60_000;
    expect(await store.get(owner, kept)).toEqual(fields);
    const asked = reads();
    expect(await store.get(owner, kept)).toEqual(fields);
    expect(reads()).toBe(asked);
    clock += 60 * 60_000;
    await expect(store.get(owner, kept)).rejects.toThrow("cannot be reached");
  });

  it.each(["ResourceNotFoundException", "AccessDeniedException"])("serves nothing old after %s", async (type) => {
    const kept = await store.put(owner, fields);
    await store.get(owner, kept);
    clock += 6 * 60_000;
    aws.fail({ type, status: 400 });
    await expect(store.get(owner, kept)).rejects.toThrow(type);
    aws.fail({ drop: true });
    await expect(store.get(owner, kept)).rejects.toThrow("cannot be reached");
  });
});
