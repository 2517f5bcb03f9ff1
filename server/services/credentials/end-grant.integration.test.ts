import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Credential } from "@/prisma/generated/client";
import type { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { dispatchMail } from "@/server/mail/dispatcher";
import { createMember, createOrganization, createUser } from "@/server/testing/factories";
import { type SmtpSink, startSmtpSink } from "@/server/testing/smtp-sink";
import { withTestDatabase } from "@/server/testing/with-test-database";
import type { ServiceContext } from "../context";
import { createWebhook } from "../webhooks/create";
import { createCredential } from "./create";
import { endGrant } from "./end-grant";

withTestDatabase();

let sink: SmtpSink;
let organizationId: string;
let admin: ServiceContext;
let row: Credential;
const addresses = new Map<string, string>();

const configure = (url: string | null) => {
  if (url === null) delete process.env.SMTP_URL;
  else process.env.SMTP_URL = url;
  resetEnv();
};

async function member(name: string, role: Role): Promise<ServiceContext> {
  const user = await createUser({ email: `${name}-${organizationId}@example.test` });
  addresses.set(user.email, name);
  return (await createMember({ organizationId, userId: user.id, role })).context;
}

beforeEach(async () => {
  sink = await startSmtpSink();
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.APP_URL = "https://tolstoy.example.test";
  process.env.MAIL_FROM = "Tolstoy <tolstoy@example.test>";
  configure(`smtp://shop:correct%20horse@127.0.0.1:${sink.port}`);
  await db().mailMessage.deleteMany();
  organizationId = (await createOrganization({ name: "Häuser & Co" })).id;
  admin = await member("admin", "admin");
  await member("owner", "owner");
  await member("viewer", "viewer");
  await member("editor", "editor");
  const maker = await member("maker", "editor");
  await createMember({ role: "admin" });
  const { id } = await createCredential({ ctx: maker, input: { name: "Sheets", type: "bearer", fields: { token: "correct horse" } } });
  row = await db().credential.update({ where: { id }, data: { type: "oauth2", provider: "google" } });
});
afterEach(async () => {
  await sink.close();
  delete process.env.MAIL_FROM;
  configure(null);
});

const told = () => sink.messages.flatMap(({ to }) => to.map((address) => addresses.get(address) ?? address)).sort();
const mails = async () => db().mailMessage.findMany({ where: { organizationId } });
const states = async () => [...new Set((await mails()).map(({ status }) => status))];
const due = () => db().mailMessage.updateMany({ where: { finishedAt: null }, data: { nextAt: new Date(0) } });

describe("an account that its provider accepts no more", () => {
  it("is told of by mail to its owner and to the organization's owners and admins, once each", async () => {
    await Promise.all(Array.from({ length: 5 }, () => endGrant(row, "invalid_grant: Token has been revoked")));
    await Promise.all([dispatchMail(), dispatchMail(), dispatchMail()]);
    await dispatchMail();
    expect(told()).toEqual(["admin", "maker", "owner"]);
    expect(sink.messages[0]).toMatchObject({ from: "tolstoy@example.test", user: "shop" });
    const [{ source = "" } = {}] = sink.messages;
    expect(source).toContain("Subject: =?UTF-8?Q?Connect_=22Sheets=22_again?=");
    expect(source).toContain("Auto-Submitted: auto-generated");
    const text = source.replaceAll("=\r\n", "").replaceAll("=C3=A4", "ä");
    expect(text).toContain('organization "Häuser & Co"');
    expect(text).toContain("invalid_grant: Token has been revoked");
    expect(text).toContain("https://tolstoy.example.test/credentials");
    expect(await states()).toEqual(["sent"]);
  });

  it("is told of again when it was connected again and that ends, too", async () => {
    await endGrant(row, "revoked");
    const again = await db().credential.update({ where: { id: row.id }, data: { status: "active", version: { increment: 1 } } });
    await endGrant(again, "revoked");
    await endGrant(row, "of an earlier version");
    await dispatchMail();
    expect(told()).toEqual(["admin", "admin", "maker", "maker", "owner", "owner"]);
  });

  it("is told to webhooks that want to know it, once, with nothing secret", async () => {
    const url = "http://127.0.0.1:1/hook";
    const webhook = await createWebhook({ ctx: admin, input: { name: "Ops", url, eventTypes: ["credential.reconnect_required"] } });
    await createWebhook({ ctx: admin, input: { name: "Other", url, eventTypes: ["flow.failed"] } });
    await createWebhook({ ctx: admin, input: { name: "Off", url, eventTypes: ["credential.reconnect_required"], enabled: false } });
    const elsewhere = (await createMember({ role: "admin" })).context;
    await createWebhook({ ctx: elsewhere, input: { name: "Elsewhere", url, eventTypes: ["credential.reconnect_required"] } });
    await Promise.all(Array.from({ length: 5 }, () => endGrant(row, "revoked")));
    const deliveries = await db().webhookDelivery.findMany({ where: { eventType: "credential.reconnect_required" } });
    expect(deliveries.map(({ webhookId, status }) => ({ webhookId, status }))).toEqual([{ webhookId: webhook.id, status: "pending" }]);
    expect(JSON.parse(deliveries[0]?.payload ?? "")).toMatchObject({
      eventType: "credential.reconnect_required",
      data: {
        orgId: organizationId,
        credentialId: row.id,
        name: "Sheets",
        provider: "google",
        status: "reconnect_required",
        reason: "revoked",
      },
    });
    expect(deliveries[0]?.payload).not.toContain("correct horse");
  });

  it("is told by webhook and banner alone where there is no mail server", async () => {
    configure(null);
    const input = { name: "Ops", url: "http://127.0.0.1:1/hook", eventTypes: ["credential.reconnect_required" as const] };
    const { id } = await createWebhook({ ctx: admin, input });
    await endGrant(row, "revoked");
    expect(await mails()).toEqual([]);
    expect(await db().webhookDelivery.count({ where: { webhookId: id } })).toBe(1);
    expect(await db().credential.findUniqueOrThrow({ where: { id: row.id } })).toMatchObject({ status: "reconnect_required" });
  });

  it("cannot make another mail of its name", async () => {
    const name = `Sheets\r\nBcc: victim@example.test\r\n\r\n${"x".repeat(500)}`;
    await endGrant({ ...row, name }, "revoked");
    await dispatchMail();
    expect(told()).toEqual(["admin", "maker", "owner"]);
    for (const { source } of sink.messages) expect(source.slice(0, source.indexOf("\r\n\r\n"))).not.toMatch(/^bcc:/im);
  });
});

describe("a mail", () => {
  it("goes out once the mail server is there again, once", async () => {
    const { port } = sink;
    configure("smtp://127.0.0.1:1");
    await endGrant(row, "revoked");
    await dispatchMail();
    expect(await states()).toEqual(["pending"]);
    configure(`smtp://127.0.0.1:${port}`);
    await dispatchMail();
    expect(told()).toEqual([]);
    await due();
    await dispatchMail();
    await due();
    await dispatchMail();
    expect(told()).toEqual(["admin", "maker", "owner"]);
  });

  it("is not tried again when the server refuses it for good, and fails in the end when it never takes it", async () => {
    await sink.close();
    sink = await startSmtpSink({
      onRcptTo: ({ address }, _session, callback) =>
        callback(Object.assign(new Error("no"), { responseCode: addresses.get(address) === "admin" ? 550 : 450 })),
    });
    configure(`smtp://127.0.0.1:${sink.port}`);
    await endGrant(row, "revoked");
    for (let attempt = 0; attempt < 7; attempt++) {
      await dispatchMail();
      await due();
    }
    const attempts = Object.fromEntries((await mails()).map(({ attempts: count, status }) => [`${status} ${count}`, true]));
    expect(attempts).toEqual({ "failed 1": true, "failed 5": true });
    expect(sink.messages).toEqual([]);
  });

  it("is not sent again when a process ended while it sent it: it may have gone out", async () => {
    await endGrant(row, "revoked");
    await db().mailMessage.updateMany({ data: { status: "sending", nextAt: new Date(Date.now() - 601_000) } });
    await dispatchMail();
    expect(await states()).toEqual(["unclear"]);
    expect(sink.messages).toEqual([]);
  });

  it("goes to nobody who has left meanwhile", async () => {
    await endGrant(row, "revoked");
    await db().member.deleteMany({ where: { organizationId, role: "owner" } });
    await dispatchMail();
    expect(told()).toEqual(["admin", "maker"]);
  });
});
