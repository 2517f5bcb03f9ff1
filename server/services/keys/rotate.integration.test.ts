import { afterEach, expect, it } from "vitest";
import { openCredential } from "@/server/credentials/open";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { createTenant } from "@/server/testing/tenant";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { openTriggerSecret } from "@/server/triggers/trigger-secret";
import { createCredential } from "../credentials/create";
import { setOAuthConfig } from "../oauth/config";
import { setTriggerSecret } from "../triggers/secret";
import { rotateMasterKeys } from "./rotate";

withTestDatabase({ unchecked: "the executions of its tenants are rows written by hand" });

const use = (keys: string) => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.TOLSTOY_MASTER_KEYS = keys;
  resetEnv();
};
const key = (id: string) => `${id}:${id.repeat(20)}`;
afterEach(() => use(""));

it("everything stored moves to the new key, after which the old ones are not needed; what cannot be opened is told and left", async () => {
  use("");
  const tenant = await createTenant();
  const { ctx } = tenant.members.owner;
  const make = (name: string) => createCredential({ ctx, input: { name, type: "bearer", fields: { token: `${name}-and-more` } } });
  use(key("lost"));
  const lost = await make("Lost");
  use(key("k1"));
  const kept = await make("Kept");
  await setOAuthConfig({ ctx, input: { toolId: "github", config: { clientId: "id", clientSecret: "the secret of it" } } });
  await setTriggerSecret({ ctx, input: { id: tenant.triggerId, secret: "correct horse" } });

  use(`${key("k2")},${key("k1")}`);
  const report = await rotateMasterKeys();
  expect(report).toMatchObject({
    current: "k2",
    unreadable: [{ what: `The credential "Lost" (${lost.id})`, reason: expect.stringContaining('"lost"') }],
  });
  // With what the tenant had sealed by the sign-in's secret, before there were keys.
  expect(report.resealed).toBeGreaterThanOrEqual(4);
  expect(await rotateMasterKeys()).toMatchObject({ resealed: 0 });

  use(key("k2"));
  const row = async (id: string) => db().credential.findUniqueOrThrow({ where: { id } });
  expect((await openCredential(await row(kept.id))).fields).toEqual({ token: "Kept-and-more" });
  expect((await openCredential(await row(tenant.credentialId))).fields).toEqual({ api_key: "sk-1234567890abcdef" });
  const trigger = await db().trigger.findUniqueOrThrow({ where: { id: tenant.triggerId } });
  expect(openTriggerSecret(trigger.secret ?? "", { organizationId: trigger.organizationId, triggerId: trigger.id })).toBe("correct horse");
  use(key("lost"));
  expect((await openCredential(await row(lost.id))).fields).toEqual({ token: "Lost-and-more" });
});
