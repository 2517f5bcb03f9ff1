import dns from "node:dns";
import net from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import { createHostCheck } from "@/server/http/check-host";
import { type ImapFake, type ImapFakeOptions, startImapFake } from "@/server/testing/imap-fake";
import { headerOf } from "@/server/testing/imap-wire";
import { LOOPBACK_CERTIFICATE } from "@/server/testing/loopback-certificate";
import { executeForTest, type TestVisit } from "../testing/execute";
import { openMailServer } from "./client";

const fakes: ImapFake[] = [];
async function start(options?: ImapFakeOptions): Promise<ImapFake> {
  const fake = await startImapFake(options);
  fakes.push(fake);
  return fake;
}
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(fakes.splice(0).map((each) => each.close()));
});

const run = (fake: ImapFake, parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("imap", {
    checkHost: createHostCheck({ allowlist: [`127.0.0.1:${fake.port}`, `localhost:${fake.port}`] }),
    ...visit,
    parameters,
    credentials: {
      imap: { host: "127.0.0.1", port: String(fake.port), user: "shop", password: "correct horse", secure: "none", ...fields },
    },
  });

const order = (n: number, more = "") => `From: =?UTF-8?Q?Ada_=C3=9C?= <ada@example.com>
To: shop@example.com, Bo <bo@example.com>
Subject: =?UTF-8?Q?Order_${n}_=E2=80=93_=C3=BC?=
Date: Sat, 31 Jan 2026 09:30:00 +0100
Message-ID: <${n}@example.com>
${more}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe ${n}
--c
Content-Type: text/html; charset=utf-8

<b>Grüße ${n}</b>
--c--
--b
Content-Type: application/pdf; name="=?UTF-8?B?w7wucGRm?="
Content-Disposition: attachment; filename="../../=?UTF-8?B?w7wucGRm?="
Content-Transfer-Encoding: base64

${Buffer.from("PDF!").toString("base64")}
--b--
`;

const WAYS: [string, ImapFakeOptions, Record<string, string>][] = [
  ["plainly", {}, {}],
  ["plainly, to a server that can do little", { capabilities: [] }, {}],
  ["with TLS from the start", { tls: "implicit" }, { secure: "", ca: LOOPBACK_CERTIFICATE }],
  ["with TLS that is asked for", { tls: "starttls" }, { secure: "starttls", ca: LOOPBACK_CERTIFICATE, host: "localhost" }],
];

it.each(WAYS)("finds, reads, marks, moves, copies and deletes messages %s", async (_, options, fields) => {
  const fake = await start(options);
  for (const n of [1, 2, 3]) fake.deliver("INBOX", order(n));
  const inbox = fake.mailboxes.get("INBOX")!;
  const act = (parameters: JsonObject) => run(fake, parameters, {}, fields);
  const found = await act({ limit: 2 });
  expect(found.json[0]?.map(({ uid }) => uid)).toEqual([3, 2]);
  expect(found.json[0]?.[0]).toMatchObject({
    mailbox: "INBOX",
    uidValidity: "7",
    subject: "Order 3 – ü",
    from: [{ name: "Ada Ü", address: "ada@example.com" }],
    to: [{ address: "shop@example.com" }, { name: "Bo", address: "bo@example.com" }],
    date: "2026-01-31T08:30:00.000Z",
    received: "2026-01-31T09:30:00.000Z",
    messageId: "<3@example.com>",
    seen: false,
    flags: [],
  });
  const { outputs } = await act({ operation: "get", uids: 2 });
  expect(outputs[0]?.[0]).toMatchObject({
    json: {
      uid: 2,
      text: "Grüße 2\n",
      html: "<b>Grüße 2</b>\n",
      headers: { "message-id": "<2@example.com>" },
      attachments: [{ file: "attachment_0", fileName: "ü.pdf", mimeType: "application/pdf", size: 4, inline: false }],
    },
    binary: { attachment_0: { mimeType: "application/pdf", fileName: "ü.pdf", data: Buffer.from("PDF!").toString("base64") } },
  });
  expect([...(inbox.messages[1]?.flags ?? [])]).toEqual([]);
  await act({ operation: "mark", uids: "1, 3", mark: "seen" });
  await act({ operation: "mark", uids: "3", mark: "flagged" });
  await act({ operation: "mark", uids: "1", mark: "unseen" });
  expect(inbox.messages.map(({ flags }) => [...flags])).toEqual([[], [], ["\\Seen", "\\Flagged"]]);
  expect((await act({ unseen: true })).json[0]?.map(({ uid }) => uid)).toEqual([2, 1]);
  await act({ operation: "copy", uids: "1", destination: "Entwürfe & mehr" });
  expect(fake.mailboxes.get("Entwürfe & mehr")?.messages).toHaveLength(1);
  await act({ operation: "move", uids: "1", destination: "Archive" });
  expect(fake.mailboxes.get("Archive")?.messages).toHaveLength(1);
  const deleted = await act({ operation: "delete", uids: "2" });
  const isAble = options.capabilities === undefined;
  expect(deleted.json[0]?.[0]).toMatchObject({ success: true, uids: [2], expunged: isAble });
  // Where it could only be done with what others have marked, nothing is removed for good.
  expect(inbox.messages.filter(({ flags }) => !flags.has("\\Deleted")).map(({ uid }) => uid)).toEqual([3]);
  expect(inbox.messages).toHaveLength(isAble ? 1 : 3);
  await expect.poll(() => fake.open()).toBe(0);
});

it("searches by what a person says, and by IMAP's own criteria", async () => {
  const fake = await start();
  fake.deliver("INBOX", order(1));
  fake.deliver("INBOX", 'From: bo@example.com\nSubject: a "quoted" one\n\nhello', { flags: new Set(["\\Seen", "\\Flagged"]) });
  fake.deliver("INBOX", "From: ada@example.com\nTo: cy@example.com\nSubject: late\n\nBye", { received: new Date("2026-02-03T01:00:00Z") });
  const find = async (parameters: JsonObject) => (await run(fake, parameters)).json[0]?.map(({ uid }) => uid);
  expect(await find({ from: "ada" })).toEqual([3, 1]);
  expect(await find({ from: "ada", since: "2026-02-03" })).toEqual([3]);
  expect(await find({ subject: 'a "quoted" one' })).toEqual([2]);
  expect(await find({ text: "grüße" })).toEqual([1]);
  expect(await find({ text: "hello", unseen: true })).toEqual([]);
  expect(await find({ custom: '["FLAGGED"]' })).toEqual([2]);
  expect(await find({ custom: ["!FLAGGED", ["FROM", "ada"], ["FROM", "example"]] })).toEqual([3, 1]);
  expect(await find({ custom: [["OR", "FLAGGED", ["SINCE", "Feb 1, 2026"]]] })).toEqual([3, 2]);
  expect(await find({ custom: ["SUBJECT", "late"] })).toEqual([3]);
  expect(await find({ custom: [["HEADER", "To", "cy@"]] })).toEqual([3]);
  expect(
    await find({
      custom: [
        ["!HEADER", "To", "cy@"],
        ["UID", "2:*"],
      ],
    }),
  ).toEqual([2]);
  for (const custom of ['["NONSENSE"]', '{"a":1}', "[[]]", '[["SINCE","never"]]', '[["UID","1 DELETE"]]', '[["HEADER","a b","c"]]', "[["]) {
    await expect(find({ custom }), custom).rejects.toMatchObject({ name: "ParameterError", field: "custom" });
  }
});

it("lets no text of a parameter become a command", async () => {
  const fake = await start();
  fake.deliver("INBOX", order(1));
  const evil = 'x"\r\nA9 UID STORE 1 +FLAGS (\\Deleted)';
  const hostile: JsonObject[] = [
    { from: evil },
    { mailbox: evil },
    { operation: "move", uids: "1", destination: evil },
    { operation: "get", uids: "1:*" },
    { operation: "get", uids: "1 BODY[]" },
    { operation: "draft", draftSubject: evil },
  ];
  for (const parameters of hostile) {
    await expect(run(fake, parameters), JSON.stringify(parameters)).rejects.toMatchObject({ name: "ParameterError" });
  }
  await run(fake, { custom: [["FROM", evil]] }).catch(() => {});
  expect([...(fake.mailboxes.get("INBOX")?.messages[0]?.flags ?? [])]).toEqual([]);
  expect(fake.commands.filter((command) => command.includes("STORE") && !command.startsWith("UID SEARCH"))).toEqual([]);
});

it("lists mailboxes by the names that people gave them, and keeps drafts where they belong", async () => {
  const fake = await start();
  const { json } = await run(fake, { operation: "mailboxes" });
  expect(json[0]?.map(({ path, specialUse }) => [path, specialUse])).toEqual(
    expect.arrayContaining([
      ["INBOX", "\\Inbox"],
      ["Drafts", "\\Drafts"],
      ["Entwürfe & mehr", null],
    ]),
  );
  const items: Item[] = [
    { json: {}, binary: { data: { mimeType: "text/csv", fileName: "a.csv", data: Buffer.from("a,b").toString("base64") } } },
  ];
  const draft = {
    operation: "draft",
    draftFrom: "shop@example.com",
    draftTo: "ada@example.com",
    draftSubject: "Grüße",
    draftText: "Hi",
    draftFiles: "data",
  };
  const made = await run(fake, draft, { items });
  expect(made.json[0]?.[0]).toEqual({ success: true, mailbox: "Drafts", uid: 1 });
  const kept = fake.mailboxes.get("Drafts")?.messages[0];
  expect([...(kept?.flags ?? [])].sort()).toEqual(["\\Draft", "\\Seen"]);
  expect(headerOf(kept!.source, "Message-ID")).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  const { outputs } = await run(fake, { operation: "get", mailbox: "Drafts", uids: "1" });
  expect(outputs[0]?.[0]).toMatchObject({ json: { subject: "Grüße", text: "Hi\n" }, binary: { attachment_0: { fileName: "a.csv" } } });
  await expect(run(fake, { operation: "draft", draftText: { path: "/etc/passwd" } as unknown as string })).rejects.toThrow("draftText");
});

it("reads several messages with their contents, marks them, and says which are not there", async () => {
  const fake = await start();
  for (const n of [1, 2]) fake.deliver("INBOX", order(n));
  const { outputs } = await run(fake, { contents: true, markSeen: true, attachments: false, prefix: "file" });
  expect(outputs[0]?.map(({ json, binary }) => [json.text, json.attachments, binary])).toEqual([
    ["Grüße 2\n", [], undefined],
    ["Grüße 1\n", [], undefined],
  ]);
  expect(fake.mailboxes.get("INBOX")?.messages.map(({ flags }) => [...flags])).toEqual([["\\Seen"], ["\\Seen"]]);
  await expect(run(fake, { operation: "mark", uids: "2, 9" })).rejects.toThrow('There is no message 9 in the mailbox "INBOX"');
  await expect(run(fake, { mailbox: "Nowhere" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("there is no such mailbox"),
  });
  await expect(run(fake, { operation: "move", uids: "1", destination: "Nowhere" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("No such mailbox"),
  });
});

it("tells no password before TLS, nor to somebody else", async () => {
  const plain = await start();
  await expect(run(plain, {}, {}, { secure: "starttls" })).rejects.toThrow(/STARTTLS|TLS/);
  const stranger = await start({ tls: "starttls" });
  await expect(run(stranger, {}, {}, { secure: "starttls" })).rejects.toThrow(/self-signed|certificate/);
  expect([...plain.commands, ...stranger.commands].filter((command) => /LOGIN|AUTHENTICATE/.test(command))).toEqual([]);
  const forbidden = createHostCheck({ allowlist: [] });
  await expect(run(plain, {}, { checkHost: forbidden })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("not allowed"),
  });
  await expect(run(plain, {}, {}, { password: "wrong wrong" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringMatching(/Invalid credentials/),
    hint: expect.stringContaining("password"),
  });
});

it("dials the address that was checked, asks nobody for the name again, and has the certificate be the name's", async () => {
  const lookup = vi.spyOn(dns, "lookup");
  const promised = vi.spyOn(dns.promises, "lookup");
  const asked: string[] = [];
  for (const tls of ["implicit", "starttls"] as const) {
    const fake = await start({ tls });
    const open = (host: string) => {
      // A name that changes its mind after it was asked.
      const answers = [["127.0.0.1"], ["169.254.169.254"]];
      const checkHost = createHostCheck({
        allowlist: [`${host}:${fake.port}`],
        resolve: async (name) => {
          asked.push(name);
          return (answers.shift() ?? []).map((address) => ({ address, family: 4 }));
        },
      });
      const server = { host, port: fake.port, secure: tls, rejectUnauthorized: true, ca: LOOPBACK_CERTIFICATE } as const;
      return openMailServer({ ...server, user: "shop", password: "correct horse" }, { checkHost, timeoutMs: 5000 });
    };
    (await open("mail.example.test")).close();
    await expect(open("other.example.test")).rejects.toThrow(/does not match|altnames/i);
  }
  expect(asked).toEqual(["mail.example.test", "other.example.test", "mail.example.test", "other.example.test"]);
  // Of the system, whose answer could be another one by then.
  expect([...lookup.mock.calls, ...promised.mock.calls].map(([name]) => name).filter((name) => !net.isIP(String(name)))).toEqual([]);
});

it("logs in with a token of OAuth", async () => {
  const fake = await start();
  const checkHost = createHostCheck({ allowlist: [`127.0.0.1:${fake.port}`] });
  const base = { host: "127.0.0.1", port: fake.port, secure: "none", rejectUnauthorized: true, user: "shop" } as const;
  const server = await openMailServer({ ...base, accessToken: "a token" }, { checkHost, timeoutMs: 5000 });
  expect(await server.open("INBOX", "read")).toMatchObject({ uidValidity: "7", exists: 0 });
  server.close();
  await expect(openMailServer({ ...base, accessToken: "an old one" }, { checkHost, timeoutMs: 5000 })).rejects.toMatchObject({
    name: "FatalError",
  });
  // A token goes to its own provider, whatever the flow says.
  const asked: string[] = [];
  const credentials = { oauth: { access_token: "a token", host: "evil.example" } };
  const deny = async (host: string, port: number) => Promise.reject(new Error(`${asked.push(`${host}:${port}`)}`));
  for (const account of ["gmail", "outlook"]) {
    await expect(
      executeForTest("imap", { parameters: { account, user: "shop@example.com" }, credentials, checkHost: deny }),
    ).rejects.toThrow();
  }
  expect(asked).toEqual(["imap.gmail.com:993", "outlook.office365.com:993"]);
});

describe("a hostile server", () => {
  const fetched = (bytes: string) => (command: string) => (command.startsWith("UID FETCH") ? bytes : undefined);
  const HOSTILE: [string, ImapFakeOptions, JsonObject, RegExp][] = [
    ["refuses at once", { answer: (command) => (command === "" ? "* BYE Go away\r\n" : undefined) }, {}, /Go away/],
    ["says nothing", { answer: (command) => (command === "" ? null : undefined) }, {}, /no answer within 1 s|greeting/i],
    [
      "never ends a line",
      { answer: (command) => (command.startsWith("EXAMINE") ? "* OK ".padEnd(9_000_000, "x") : undefined) },
      {},
      /exceeds maximum/i,
    ],
    ["announces a huge literal", { answer: fetched("* 1 FETCH (UID 1 BODY[] {99999999999}\r\n") }, {}, /exceeds maximum/i],
    ["cuts the connection in a message", { cutAfter: 20 }, { operation: "get", uids: "1" }, /closed|Connection|not available/i],
    ["nests without end", { answer: fetched(`* 1 FETCH (UID 1 ENVELOPE ${"(".repeat(5000)}\r\n`) }, {}, /./],
    [
      "answers with rubbish",
      { answer: (command) => (command.startsWith("UID SEARCH") ? "* SEARCH -1 1e400 x\r\n* )(\r\n" : undefined) },
      {},
      /./,
    ],
    ["never answers", { answer: (command) => (command.startsWith("UID SEARCH") ? null : undefined) }, {}, /no answer within 1 s|timeout/i],
  ];
  it.each(HOSTILE)("that %s fails the step and nothing else", async (_, options, parameters, said) => {
    const fake = await start(options);
    fake.deliver("INBOX", order(1));
    await expect(run(fake, { timeoutSeconds: 1, ...parameters })).rejects.toThrow(said);
    await expect.poll(() => fake.open()).toBe(0);
  });

  it("has no message read that says it is too large, nor one that is larger than it says", async () => {
    let size = 60_000_000;
    const fake = await start({
      answer: (command, tag) => {
        if (command.includes("RFC822.SIZE"))
          return `* 1 FETCH (UID 1 RFC822.SIZE ${size} FLAGS () ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))\r\n${tag} OK\r\n`;
        return command.includes("BODY") ? "* 1 FETCH (UID 1 BODY[] {60000000}\r\n" : undefined;
      },
    });
    fake.deliver("INBOX", order(1));
    await expect(run(fake, { operation: "get", uids: "1" })).rejects.toThrow("has 60000000 bytes, and more than 52428800 are not read");
    size = 10;
    await expect(run(fake, { operation: "get", uids: "1" })).rejects.toThrow(/exceeds maximum/i);
  });

  it("gives names in bad UTF-7, and messages in bad encodings, which are read as far as they can be", async () => {
    const fake = await start({
      answer: (command, tag) =>
        command.startsWith('LIST "" "*"') || command === 'LIST "" *'
          ? `* LIST () "/" "&bad"\r\n* LIST () "/" "&////-x"\r\n* LIST () "/" "\u00ff\u00fe"\r\n${tag} OK Listed\r\n`
          : undefined,
    });
    const { json } = await run(fake, { operation: "mailboxes" });
    expect(json[0]?.length).toBeGreaterThan(0);
    fake.deliver(
      "INBOX",
      Buffer.from(
        "Subject: =?no-such?Q?=ZZ?= =?UTF-8?B?!!!?=\r\nContent-Type: text/plain; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\xff\xfe",
        "latin1",
      ),
    );
    const { json: read } = await run(fake, { operation: "get", uids: "1" });
    expect(read[0]?.[0]).toMatchObject({ uid: 1, subject: expect.any(String), attachments: [] });
  });
});

it("reads so many attachments of a message and no more, and names no path", async () => {
  const fake = await start();
  const part = 'Content-Type: text/plain\nContent-Disposition: attachment; filename="/etc/\u0007pass\\wd"\n\nx\n--b\n';
  fake.deliver("INBOX", `Subject: many\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${part.repeat(205)}\n--b--`);
  const { outputs } = await run(fake, { operation: "get", uids: "1" });
  expect(outputs[0]?.[0]?.json.attachments).toHaveLength(200);
  expect(outputs[0]?.[0]?.json.attachmentsLeftOut).toBeGreaterThanOrEqual(5);
  expect(outputs[0]?.[0]?.binary?.attachment_0?.fileName).not.toMatch(/[/\\]|^\.\.|\p{Cc}/u);
});

it("ends its connection when it is cancelled", async () => {
  const fake = await start({ answer: (command) => (command.startsWith("UID SEARCH") ? null : undefined) });
  const cancel = new AbortController();
  const running = expect(run(fake, {}, { signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => fake.commands.at(-1)).toMatch(/SEARCH/);
  cancel.abort();
  await running;
  await expect.poll(() => fake.open()).toBe(0);
});
