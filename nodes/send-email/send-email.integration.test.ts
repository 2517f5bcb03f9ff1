import { afterEach, expect, it } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import { createHostCheck } from "@/server/http/check-host";
import { type SmtpSink, startSmtpSink } from "@/server/testing/smtp-sink";
import { executeForTest, type TestVisit } from "../testing/execute";

const sinks: SmtpSink[] = [];
async function sink(options: Parameters<typeof startSmtpSink>[0] = {}): Promise<SmtpSink> {
  const started = await startSmtpSink(options);
  sinks.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((each) => each.close()));
});

const message = { from: "Shop <shop@example.com>", to: "ada@example.com", subject: "Hi", format: "text", text: "Hello" };
const send = (to: SmtpSink, parameters: JsonObject = {}, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("send-email", {
    ...visit,
    parameters: { ...message, ...parameters },
    credentials: { smtp: { host: "127.0.0.1", port: String(to.port), secure: "false", ...fields } },
    checkHost: visit.checkHost ?? createHostCheck({ allowlist: [`127.0.0.1:${to.port}`] }),
  });
const body = (source: string): string => source.slice(source.indexOf("\r\n\r\n") + 4).trim();
const header = (source: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, "mi").exec(source)?.[1]?.replace(/\r?\n[ \t]+/g, " ");

it("sends a message for each item, as the user of the credential", async () => {
  const server = await sink();
  const { outputs } = await send(
    server,
    {
      to: "={{ $json.to }}",
      subject: "=Order {{ $json.n }} – ü",
      cc: "cc@example.com",
      bcc: "secret@example.com",
      replyTo: "reply@example.com",
    },
    {
      items: [
        { to: "Ada <ada@example.com>, bo@example.com", n: 1 },
        { to: "cy@example.com", n: 2 },
      ],
    },
    { user: "shop", password: "correct horse" },
  );
  expect(server.messages.map(({ from, to, user }) => ({ from, to, user }))).toEqual([
    { from: "shop@example.com", to: ["ada@example.com", "bo@example.com", "cc@example.com", "secret@example.com"], user: "shop" },
    { from: "shop@example.com", to: ["cy@example.com", "cc@example.com", "secret@example.com"], user: "shop" },
  ]);
  const [first] = server.messages;
  expect(header(first?.source ?? "", "Subject")).toBe("=?UTF-8?Q?Order_1_=E2=80=93_=C3=BC?=");
  expect(header(first?.source ?? "", "Reply-To")).toBe("reply@example.com");
  expect(first?.source).not.toContain("secret@example.com");
  expect(body(first?.source ?? "")).toBe("Hello");
  expect(outputs[0]?.[0]).toMatchObject({
    json: {
      accepted: ["ada@example.com", "bo@example.com", "cc@example.com", "secret@example.com"],
      rejected: [],
      response: "250 queued",
    },
    pairedItem: { item: 0 },
  });
  expect(header(first?.source ?? "", "Message-ID")).toBe(outputs[0]?.[0]?.json.messageId);
});

it("has the same Message-ID in every attempt, another for each item", async () => {
  const server = await sink();
  const items = [{}, {}];
  await send(server, {}, { items });
  await send(server, {}, { items });
  const ids = server.messages.map(({ source }) => header(source, "Message-ID"));
  expect(ids[0]).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  expect([ids[2], ids[3]]).toEqual([ids[0], ids[1]]);
  expect(ids[0]).not.toBe(ids[1]);
});

it("sends HTML, text or both, with files", async () => {
  const server = await sink();
  const items: Item[] = [
    {
      json: {},
      binary: { invoice: { mimeType: "application/pdf", fileName: "in\r\nvoice.pdf", data: Buffer.from("PDF!").toString("base64") } },
    },
  ];
  await send(server, { format: "both", html: "<b>Hi</b>", attachments: "invoice" }, { items });
  const source = server.messages[0]?.source ?? "";
  expect(source).toContain("Content-Type: multipart/alternative");
  expect(source).toContain("<b>Hi</b>");
  expect(source).toMatch(/Content-Type: application\/pdf; name=invoice\.pdf/);
  expect(source).toContain("Content-ID: <invoice>");
  expect(source).toContain(Buffer.from("PDF!").toString("base64"));
  await send(server, { format: "html", html: "<i>only</i>" });
  expect(server.messages[1]?.source).not.toContain("Hello");
  await expect(send(server, { attachments: "none" }, { items })).rejects.toThrow('there is no file "none": it has "invoice"');
});

it("refuses line breaks where they would begin another header, and what is missing", async () => {
  const server = await sink();
  for (const field of ["from", "to", "cc", "bcc", "replyTo", "subject"]) {
    await expect(send(server, { [field]: "a@example.com\r\nBcc: victim@example.com" }), field).rejects.toThrow(
      `Parameter "${field}" (item 0): has a line break`,
    );
  }
  await expect(send(server, { to: " " })).rejects.toThrow('Parameter "to" (item 0): is empty');
  expect(server.messages).toEqual([]);
});

it("takes no field for a file's path or a URL to fetch", async () => {
  const server = await sink();
  const hostile = { path: "/etc/passwd" } as unknown as string;
  await expect(send(server, { text: hostile })).rejects.toThrow('Parameter "text"');
  await expect(send(server, { format: "html", html: { href: "http://127.0.0.1/" } as unknown as string })).rejects.toThrow(
    'Parameter "html"',
  );
});

it("connects to checked addresses only, and to the one that was checked", async () => {
  const server = await sink();
  const guard = createHostCheck({ allowlist: [] });
  await expect(send(server, {}, { checkHost: guard })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("not allowed"),
  });
  const asked: string[] = [];
  const checkHost = async (host: string, port: number) => {
    asked.push(`${host}:${port}`);
    return { address: "127.0.0.1", family: 4 as const };
  };
  await send(server, {}, { checkHost }, { host: "mail.that-does-not-exist.example" });
  expect(asked).toEqual([`mail.that-does-not-exist.example:${server.port}`]);
  expect(server.messages).toHaveLength(1);
});

it("does not try a wrong password or a refused recipient again, but a server that is away", async () => {
  const server = await sink({
    onRcptTo: (address, _session, callback) =>
      address.address.startsWith("full")
        ? callback(Object.assign(new Error("Mailbox full"), { responseCode: 452 }))
        : address.address.startsWith("nobody")
          ? callback(Object.assign(new Error("No such user"), { responseCode: 550 }))
          : callback(),
  });
  await expect(send(server, {}, {}, { user: "shop", password: "wrong wrong" })).rejects.toMatchObject({ name: "FatalError" });
  await expect(send(server, { to: "nobody@example.com" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("No such user"),
  });
  await expect(send(server, { to: "full@example.com" })).rejects.toMatchObject({
    name: "Error",
    message: expect.stringContaining("Mailbox full"),
  });
  const gone = await startSmtpSink();
  await gone.close();
  await expect(send(gone)).rejects.toMatchObject({ name: "Error", message: expect.stringContaining("ECONNREFUSED") });
});

it("goes on with the other items when the node does", async () => {
  const server = await sink();
  const items = [{ to: "a@example.com" }, { to: "" }, { to: "c@example.com" }];
  const { outputs } = await send(server, { to: "={{ $json.to }}" }, { items, continueOnFail: true });
  expect(outputs[0]?.map(({ error, pairedItem }) => [error?.name, pairedItem])).toEqual([
    [undefined, { item: 0 }],
    ["ParameterError", { item: 1 }],
    [undefined, { item: 2 }],
  ]);
  expect(server.messages).toHaveLength(2);
});

it("wants a credential with a host", async () => {
  await expect(executeForTest("send-email", { parameters: message })).rejects.toThrow("Choose a credential for the SMTP server");
  const credentials = { smtp: { port: "25" } };
  await expect(executeForTest("send-email", { parameters: message, credentials })).rejects.toThrow('no field "host"');
});
