import { afterEach, expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import { createHostCheck } from "@/server/http/check-host";
import { type ImapFake, type ImapFakeOptions, startImapFake } from "@/server/testing/imap-fake";
import { executeForTest } from "../testing/execute";
import { pollForTest, type TestPoll } from "../testing/poll";

const fakes: ImapFake[] = [];
async function start(options?: ImapFakeOptions): Promise<ImapFake> {
  const fake = await startImapFake(options);
  fakes.push(fake);
  return fake;
}
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((each) => each.close()));
});

const worldOf = (fake: ImapFake) => ({
  checkHost: createHostCheck({ allowlist: [`127.0.0.1:${fake.port}`] }),
  fields: { host: "127.0.0.1", port: String(fake.port), user: "shop", password: "correct horse", secure: "none" },
});
const look = (fake: ImapFake, cursor: Json | null, parameters: JsonObject = {}, given: TestPoll = {}) => {
  const { checkHost, fields } = worldOf(fake);
  return pollForTest("imap-trigger", { checkHost, credential: async () => fields, ...given, parameters, cursor });
};
const mail = (subject: string, more = "") =>
  `From: "Ada, Ü" <ada@example.com>\nTo: shop@example.com\nSubject: ${subject}\nMessage-ID: <${subject}@example.com>\nX-Note: =?UTF-8?Q?=C3=BC?=\n${more}`;
const plain = (subject: string) => `${mail(subject)}\nHello ${subject}\n\nBye`;
const withFile = (subject: string) =>
  mail(
    subject,
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<b>Hi</b>\n--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\na,b\n--b--",
  );

it("starts nothing for what is there, and gives each new message once, the oldest first", async () => {
  const fake = await start();
  fake.deliver("INBOX", plain("old"));
  const first = await look(fake, null);
  expect(first).toEqual({ events: [], cursor: { uidValidity: "7", uid: 1, mark: [] } });
  expect((await look(fake, first.cursor)).events).toEqual([]);
  fake.deliver("INBOX", plain("one"));
  fake.deliver("INBOX", withFile("two"));
  const second = await look(fake, first.cursor);
  expect(second.events.map(({ id }) => id)).toEqual(["7:2", "7:3"]);
  expect(second.events[0]?.item.json).toMatchObject({
    uid: 2,
    uidValidity: "7",
    subject: "one",
    from: [{ name: "Ada, Ü", address: "ada@example.com" }],
    text: "Hello one\n\nBye\n",
    attachments: [],
  });
  expect(second.events[1]?.item).toMatchObject({
    json: { html: "<b>Hi</b>\n", attachments: [{ file: "attachment_0", fileName: "a.csv" }] },
    binary: { attachment_0: { mimeType: "text/csv", fileName: "a.csv" } },
  });
  // Made again, since what it found was not kept: the same events.
  expect((await look(fake, first.cursor)).events.map(({ id }) => id)).toEqual(["7:2", "7:3"]);
  expect((await look(fake, second.cursor)).events).toEqual([]);
});

it("marks messages as read once flows have them for certain, or never", async () => {
  const fake = await start();
  const seen = () => fake.mailboxes.get("INBOX")?.messages.map(({ flags }) => flags.has("\\Seen"));
  const { cursor } = await look(fake, null);
  fake.deliver("INBOX", plain("one"));
  const found = await look(fake, cursor);
  expect(seen()).toEqual([false]);
  fake.deliver("INBOX", plain("two"));
  const next = await look(fake, found.cursor);
  expect(seen()).toEqual([true, false]);
  expect(next.events.map(({ id }) => id)).toEqual(["7:2"]);
  const last = await look(fake, next.cursor, { postProcess: "nothing" });
  expect(seen()).toEqual([true, false]);
  expect(last.cursor).toMatchObject({ mark: [] });
});

it("goes on where a mailbox can only be read", async () => {
  const fake = await start({ answer: (line, tag) => (line.startsWith("UID STORE") ? `${tag} NO Not yours\r\n` : undefined) });
  const { cursor } = await look(fake, null);
  fake.deliver("INBOX", plain("one"));
  const found = await look(fake, cursor);
  const logs: string[] = [];
  fake.deliver("INBOX", plain("two"));
  const next = await look(fake, found.cursor, {}, { log: (_, message) => void logs.push(message) });
  expect(next.events.map(({ id }) => id)).toEqual(["7:2"]);
  expect(logs).toEqual([expect.stringContaining("Not yours")]);
});

it("takes as seen what a mailbox with new UIDs has", async () => {
  const fake = await start();
  const { cursor } = await look(fake, null);
  fake.mailboxes.get("INBOX")!.uidValidity = 8;
  fake.deliver("INBOX", plain("one"));
  const { events, cursor: next } = await look(fake, cursor);
  expect([events, next]).toEqual([[], { uidValidity: "8", uid: 1, mark: [] }]);
  fake.deliver("INBOX", plain("two"));
  expect((await look(fake, next)).events.map(({ id }) => id)).toEqual(["8:2"]);
  // Nor does a cursor of somebody else's make it start.
  expect((await look(fake, { rubbish: true })).events).toEqual([]);
});

it("gives the messages that the criteria want, and asks again about none of the others", async () => {
  const fake = await start();
  const { cursor } = await look(fake, null);
  fake.deliver("INBOX", plain("read already"), { flags: new Set(["\\Seen"]) });
  fake.deliver("INBOX", plain("new"));
  const { events, cursor: next } = await look(fake, cursor);
  expect(events.map(({ item }) => item.json.subject)).toEqual(["new"]);
  fake.mailboxes.get("INBOX")?.messages[0]?.flags.clear();
  expect((await look(fake, next)).events).toEqual([]);
  for (const custom of ["", "[]", '["ALL"]']) expect((await look(fake, cursor, { custom })).events, custom).toHaveLength(2);
  expect((await look(fake, cursor, { custom: ["UNSEEN", ["UID", "1"]] })).events.map(({ id }) => id)).toEqual(["7:1"]);
  await expect(look(fake, cursor, { custom: "[" })).rejects.toThrow('Parameter "custom": is not valid JSON');
  await expect(look(fake, cursor, { custom: '["NONSENSE"]' })).rejects.toMatchObject({ name: "ParameterError", field: "custom" });
});

it("takes a hundred messages at a time, and the rest the next time", async () => {
  const fake = await start();
  let { cursor } = await look(fake, null);
  for (let n = 1; n <= 230; n++) fake.deliver("INBOX", plain(String(n)));
  const counts: number[] = [];
  const subjects = new Set<unknown>();
  for (let at = 0; at < 4; at++) {
    const { events, cursor: next } = await look(fake, cursor);
    counts.push(events.length);
    for (const { item } of events) subjects.add(item.json.subject);
    cursor = next;
  }
  expect(counts).toEqual([100, 100, 30, 0]);
  expect(subjects.size).toBe(230);
});

it("gives messages as n8n does", async () => {
  const fake = await start();
  const { cursor } = await look(fake, null);
  fake.deliver("INBOX", withFile("one"));
  const one = async (parameters: JsonObject) => (await look(fake, cursor, parameters)).events[0]?.item;
  const simple = await one({ format: "simple", prefix: "file" });
  expect(simple?.json).toEqual({
    textHtml: "<b>Hi</b>\n",
    textPlain: "",
    from: "Ada, Ü <ada@example.com>",
    to: "shop@example.com",
    subject: "one",
    metadata: { "message-id": "<one@example.com>", "x-note": "ü", "content-type": "multipart/mixed; boundary=b" },
    attributes: { uid: 1 },
  });
  expect(Object.keys(simple?.binary ?? {})).toEqual(["file0"]);
  expect((await one({ format: "simple", attachments: false }))?.binary).toBeUndefined();
  const resolved = await one({ format: "resolved" });
  expect(resolved?.json).toMatchObject({
    html: "<b>Hi</b>\n",
    subject: "one",
    messageId: "<one@example.com>",
    from: { value: [{ name: "Ada, Ü", address: "ada@example.com" }], text: "Ada, Ü <ada@example.com>" },
    headers: { subject: "Subject: one" },
    attributes: { uid: 1 },
  });
  const raw = await one({ format: "raw" });
  expect(Buffer.from(String(raw?.json.raw), "base64url").toString()).toContain("Subject: one");
});

it("is stopped by no message that somebody sends", async () => {
  const fake = await start();
  const { cursor } = await look(fake, null);
  const nested = Array.from({ length: 80 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`).join("");
  fake.deliver("INBOX", `Subject: deep\n${nested}`);
  fake.deliver("INBOX", `Subject: ${"x".repeat(2_000_000)}\n\nlong`);
  fake.deliver("INBOX", `Subject: lines\n\n${"x\n".repeat(200_000)}`);
  fake.deliver("INBOX", `Subject: parts\nContent-Type: multipart/mixed; boundary=b\n\n${"--b\n\nx\n".repeat(20_000)}--b--`);
  fake.deliver("INBOX", `Subject: inside\n${"Content-Type: message/rfc822\n\n".repeat(1000)}x`);
  fake.deliver("INBOX", Buffer.from("\xff\xfe\x00\r\n\r\n\x00", "latin1"));
  fake.deliver("INBOX", plain("fine"));
  const { events } = await look(fake, cursor, { custom: "" });
  expect(events.map(({ item }) => [item.json.subject, typeof item.json.unreadable])).toEqual([
    ["deep", "string"],
    [expect.any(String), "string"],
    ["lines", "string"],
    ["parts", "string"],
    ["inside", "undefined"],
    [expect.any(String), "undefined"],
    ["fine", "undefined"],
  ]);
  expect(events[4]?.item.json.attachments).toMatchObject([{ mimeType: "message/rfc822" }]);
  expect(events.at(-1)?.item.json.subject).toBe("fine");
});

it("shows the newest message when it is run by hand, and marks nothing", async () => {
  const fake = await start();
  const { checkHost, fields } = worldOf(fake);
  const visit = { checkHost, credentials: { imap: fields } };
  await expect(executeForTest("imap-trigger", visit)).rejects.toThrow("nothing to show yet");
  fake.deliver("INBOX", plain("one"));
  fake.deliver("INBOX", plain("two"));
  expect((await executeForTest("imap-trigger", visit)).json[0]).toMatchObject([{ subject: "two" }]);
  expect((await executeForTest("imap-trigger", { ...visit, items: [{ subject: "given" }] })).json).toEqual([[{ subject: "given" }]]);
  expect(fake.commands.filter((command) => command.includes("STORE"))).toEqual([]);
  await expect.poll(() => fake.open()).toBe(0);
});

it("fails in a way that is tried again, or not, as the server's word is", async () => {
  const fake = await start();
  const { fields } = worldOf(fake);
  await expect(look(fake, null, {}, { credential: async () => ({ ...fields, password: "wrong wrong" }) })).rejects.toMatchObject({
    name: "FatalError",
  });
  await expect(look(fake, null, { mailbox: "Nowhere" })).rejects.toMatchObject({ name: "FatalError" });
  await expect(look(fake, null, {}, { credential: async () => null })).rejects.toThrow("Choose a credential");
  await expect(look(fake, null, {}, { checkHost: createHostCheck({ allowlist: [] }) })).rejects.toThrow("not allowed");
  const silent = await start({ answer: (line) => (line.startsWith("EXAMINE") ? null : undefined) });
  const cancel = new AbortController();
  const world = { checkHost: worldOf(silent).checkHost, signal: cancel.signal };
  const running = expect(look(silent, null, {}, world)).rejects.toThrow();
  await expect.poll(() => silent.commands.at(-1)).toMatch(/EXAMINE/);
  cancel.abort();
  await running;
  await expect.poll(() => silent.open()).toBe(0);
});
