import { afterAll, beforeAll, expect, it } from "vitest";
import { resetEnv } from "@/server/env";
import type { ServiceContext } from "@/server/services/context";
import { createMember, createOrganization } from "@/server/testing/factories";
import { type FtpFake, startFtpFake } from "@/server/testing/ftp-fake";
import { type ImapFake, startImapFake } from "@/server/testing/imap-fake";
import { type MongoFake, startMongoFake } from "@/server/testing/mongo-fake";
import { type MysqlFake, startMysqlFake } from "@/server/testing/mysql-fake";
import { type RedisFake, startRedisFake } from "@/server/testing/redis-fake";
import { S3_KEYS, type S3Fake, startS3Fake } from "@/server/testing/s3-fake";
import { type SftpFake, startSftpFake } from "@/server/testing/sftp-fake";
import { type SmtpSink, startSmtpSink } from "@/server/testing/smtp-sink";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createCredential } from "./create";
import { testCredential } from "./test";

const database = withTestDatabase();
let editor: ServiceContext;
let redis: RedisFake;
let mysql: MysqlFake;
let mongo: MongoFake;
let s3: S3Fake;
let ftp: FtpFake;
let sftp: SftpFake;
let imap: ImapFake;
let smtp: SmtpSink;
let talkative: [FtpFake, ImapFake];

beforeAll(async () => {
  const { id: organizationId } = await createOrganization();
  editor = (await createMember({ organizationId, role: "editor" })).context;
  [redis, mysql, mongo, s3] = await Promise.all([
    startRedisFake(),
    startMysqlFake(() => ({ affectedRows: 0 })),
    startMongoFake(),
    startS3Fake(),
  ]);
  [ftp, sftp, imap, smtp] = await Promise.all([startFtpFake(), startSftpFake(), startImapFake(), startSmtpSink()]);
  // What they refuse they repeat.
  talkative = await Promise.all([
    startFtpFake({ answer: (line) => (line.startsWith("PASS") ? `530 Not "${line.slice(5)}"\r\n` : undefined) }),
    startImapFake({
      capabilities: [],
      answer: (line, tag) => (line.startsWith("LOGIN") ? `${tag} NO [AUTHENTICATIONFAILED] Not ${line}\r\n` : undefined),
    }),
  ]);
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.HTTP_ALLOWLIST = [
    ...[redis, mysql, mongo, ftp, sftp, imap, smtp, ...talkative].map(({ port }) => `127.0.0.1:${port}`),
    s3.host,
    new URL(database.url).host,
  ].join(",");
  resetEnv();
});
afterAll(async () => {
  await Promise.all([redis, mysql, mongo, s3, ftp, sftp, imap, smtp, ...talkative].map((each) => each.close()));
});

async function tried(kind: string, fields: Record<string, string>): Promise<[ok: boolean, message: string]> {
  const { id } = await createCredential({ ctx: editor, input: { name: kind, type: "custom", fields, settings: { kind } } });
  const { ok, message } = await testCredential({ ctx: editor, input: { id } });
  return [ok, message];
}

it("asks the server of a credential whether it works", async () => {
  const at = (port: number) => ({ host: "127.0.0.1", port: String(port), user: "shop", password: "correct horse", ssl: "false" });
  const url = new URL(database.url);
  const postgres = {
    host: url.hostname,
    port: url.port,
    user: url.username,
    database: url.pathname.slice(1),
    password: decodeURIComponent(url.password),
    ssl: "false",
  };
  expect(await tried("postgres", postgres)).toEqual([true, "The database answers"]);
  expect((await tried("postgres", { ...postgres, database: "nowhere" }))[0]).toBe(false);
  expect(await tried("mysql", at(mysql.port))).toEqual([true, "The database answers"]);
  expect(await tried("redis", at(redis.port))).toEqual([true, "The server answers"]);
  expect(await tried("mongodb", { ...at(mongo.port), database: "db" })).toEqual([true, "The database answers"]);
  const bucket = { ...S3_KEYS, region: "eu-test-1", endpoint: s3.url };
  expect(await tried("s3", bucket)).toEqual([true, "The keys are valid"]);
  expect(await tried("s3", { ...bucket, secret_access_key: "another secret" })).toEqual([
    false,
    "The service refuses them: it answered 403 (SignatureDoesNotMatch)",
  ]);
  const wrong = await tried("redis", { ...at(redis.port), password: "a wrong password" });
  expect(wrong).toEqual([false, expect.stringContaining("WRONGPASS")]);
  await expect.poll(() => redis.open() + mongo.open() + mysql.open()).toBe(0);
});

it("logs in to servers of files and of mail, and repeats no password that they do", async () => {
  const at = (port: number) => ({ host: "127.0.0.1", port: String(port), user: "shop", password: "correct horse", secure: "none" });
  expect(await tried("ftp", at(ftp.port))).toEqual([true, "The server answers"]);
  expect(await tried("imap", at(imap.port))).toEqual([true, "The mailbox can be read"]);
  const known = { ...at(sftp.port), fingerprint: sftp.fingerprint };
  expect(await tried("sftp", known)).toEqual([true, "The server answers"]);
  expect((await tried("sftp", { ...known, password: "a wrong password" }))[0]).toBe(false);
  expect((await tried("sftp", { ...known, fingerprint: sftp.fingerprint.replace(/.$/, (last) => (last === "A" ? "B" : "A")) }))[0]).toBe(
    false,
  );
  const sending = { ...at(smtp.port), secure: "false" };
  expect(await tried("smtp", sending)).toEqual([true, "The server answers, and takes messages of this user"]);
  expect((await tried("smtp", { ...sending, password: "a wrong password" }))[0]).toBe(false);
  expect(smtp.messages).toEqual([]);
  for (const [kind, { port }] of [
    ["ftp", talkative[0]],
    ["imap", talkative[1]],
  ] as const) {
    const [ok, message] = await tried(kind, { ...at(port), password: "hunter2 hunter2" });
    expect([ok, message]).toEqual([false, expect.stringMatching(/Not /)]);
    expect(message).not.toContain("hunter2");
  }
  await expect.poll(() => ftp.open() + imap.open() + talkative[0].open() + talkative[1].open()).toBe(0);
});

it("goes only where it may", async () => {
  expect(await tried("redis", { host: "169.254.169.254", password: "correct horse" })).toEqual([
    false,
    expect.stringContaining("not allowed"),
  ]);
});

it("wants the fields of its kind", async () => {
  const make = (input: object) => createCredential({ ctx: editor, input: { name: "x", type: "custom", fields: { host: "a" }, ...input } });
  await expect(make({ settings: { kind: "mongodb" } })).rejects.toThrow("fields.database: is missing");
  await expect(make({ settings: { kind: "fax" } })).rejects.toThrow('there is no kind "fax"');
  const { allowedHosts } = await make({ fields: S3_KEYS, settings: { kind: "s3" } });
  expect(allowedHosts).toEqual(["*.amazonaws.com"]);
});
