import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { setFlowActive } from "@/server/services/flows/set-active";
import { setTriggerSecret } from "@/server/services/triggers/secret";
import { createMember } from "@/server/testing/factories";
import { endedExecutions, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleChat, handleTestChat } from "./chat";
import { handleForm, handleTestForm } from "./form";

withTestDatabase();
withRunningEngine();

let ctx: ServiceContext;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});

const FIELDS: JsonObject[] = [
  { label: "Name", type: "text", required: true },
  { label: "Mail", name: "mail", type: "email" },
  { label: "Age", type: "number" },
  { label: "Topics", type: "checkbox", options: "News\nOffers" },
  { label: "Source", type: "hidden", value: "site" },
  { label: "Your photo", type: "file", accept: ".png" },
];

async function page(
  type: "form-trigger" | "chat-trigger",
  parameters: JsonObject,
  after: Record<string, { type: string; parameters?: JsonObject }> = {},
) {
  const graph = lineOf({ Page: { type, parameters }, ...after });
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph, publish: true } });
  return { flowId, id: triggers[0]?.id ?? "", triggers };
}

const get = () => new Request("http://localhost/form/x");
const post = (fields: Record<string, string | string[] | File>, headers: Record<string, string> = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const each of Array.isArray(value) ? value : [value]) body.append(name, each);
  return new Request("http://localhost/form/x", { method: "POST", body, headers });
};
const submissionOf = (html: string) => /name="submission" value="([^"]+)"/.exec(html)?.[1] ?? "";

describe("a form", () => {
  test("is a page that works without scripts and may load nothing", async () => {
    const { id, triggers } = await page("form-trigger", { title: "<b>Hi</b>", fields: FIELDS });
    expect(triggers[0]).toMatchObject({
      type: "form",
      url: expect.stringMatching(`/form/${id}$`),
      testUrl: expect.stringMatching(`/form/test/${id}$`),
    });
    const answer = await handleForm(get(), id);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;b&gt;Hi&lt;/b&gt;");
    expect(html).toContain('type="email"');
  });

  test("starts its flow once with what was filled in, however often it is sent", async () => {
    const { id, flowId } = await page("form-trigger", { fields: FIELDS, responseText: "Got it." });
    const submission = submissionOf(await (await handleForm(get(), id)).text());
    const photo = new File([new Uint8Array([1, 2, 3])], "me.png", { type: "image/png" });
    const sent = () =>
      post({
        submission,
        "field-0": "Ada",
        "field-1": "ada@example.test",
        "field-2": "36",
        "field-3": ["News"],
        "field-4": "forged",
        "field-5": photo,
      });
    for (let times = 0; times < 2; times++) {
      const answer = await handleForm(sent(), id);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("Got it.");
    }
    const rows = await endedExecutions(flowId, 1);
    expect(rows).toMatchObject([{ mode: "form", status: "succeeded" }]);
    const [item] = JSON.parse(rows[0]?.input ?? "[]");
    expect(item.json).toEqual({
      Name: "Ada",
      mail: "ada@example.test",
      Age: 36,
      Topics: ["News"],
      Source: "site",
      "Your photo": { filename: "me.png", mimetype: "image/png", size: 3 },
      submittedAt: expect.stringMatching(/^\d{4}-/),
      formMode: "production",
    });
    expect(item.binary).toEqual({
      Your_photo: { mimeType: "image/png", fileName: "me.png", fileExtension: "png", fileSize: 3, data: "AQID" },
    });
  });

  test("shows what is wrong, keeps what was right, and starts nothing", async () => {
    const { id, flowId } = await page("form-trigger", { fields: FIELDS });
    const exe = new File(["x"], "me.exe");
    const answer = await handleForm(
      post({ "field-0": "", "field-1": "no mail", "field-2": "12", "field-3": ["Spam"], "field-5": exe }),
      id,
    );
    const html = await answer.text();
    expect(answer.status).toBe(422);
    for (const text of [
      "This must be filled in.",
      "Enter an e-mail address.",
      "Choose from the list.",
      "Choose a file of the kind .png.",
      'value="12"',
    ]) {
      expect(html).toContain(text);
    }
    expect(await db().execution.count({ where: { flowId } })).toBe(0);
  });

  test("goes on to another page, but to web pages only", async () => {
    const to = async (redirectUrl: string) => {
      const { id } = await page("form-trigger", { respondWith: "redirect", redirectUrl });
      return (await handleForm(post({}), id)).text();
    };
    expect(await to("https://example.com/thanks")).toContain('content="0;url=https://example.com/thanks"');
    expect(await to("javascript:alert(1)")).not.toContain("javascript:");
  });

  test("may show what the last node gave", async () => {
    const answer = { type: "set", parameters: { fields: [{ name: "text", value: "=Welcome {{ $json.Name }}" }] } };
    const { id } = await page("form-trigger", { fields: FIELDS.slice(0, 1), responseMode: "lastNode" }, { Answer: answer });
    expect(await (await handleForm(post({ "field-0": "Ada" }), id)).text()).toContain("Welcome Ada");
  });

  test("asks for a password where it is guarded, and lets nobody in before one is set", async () => {
    const { id } = await page("form-trigger", { authentication: "basic", username: "ada" });
    const signedIn = (password: string) =>
      new Request("http://localhost/form/x", { headers: { authorization: `Basic ${Buffer.from(`ada:${password}`).toString("base64")}` } });
    expect((await handleForm(signedIn("correct horse"), id)).status).toBe(401);
    await setTriggerSecret({ ctx, input: { id, secret: "correct horse" } });
    const refused = await handleForm(get(), id);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, expect.stringContaining("Basic")]);
    expect((await handleForm(signedIn("wrong horse"), id)).status).toBe(401);
    expect((await handleForm(signedIn("correct horse"), id)).status).toBe(200);
  });

  test("is not there once its flow is off, while its test page is, and starts nothing", async () => {
    const { id, flowId } = await page("form-trigger", { fields: FIELDS.slice(0, 1) });
    await setFlowActive({ ctx, input: { id: flowId, active: false } });
    expect((await handleForm(get(), id)).status).toBe(404);
    expect((await handleForm(get(), "nothing")).status).toBe(404);
    expect(await (await handleTestForm(post({ "field-0": "Ada" }), id)).text()).toContain("Test received");
    const kept = await db().triggerEvent.findMany({ where: { flowId } });
    expect(kept).toMatchObject([{ type: "form", heldFor: "test", executionId: null }]);
    expect(JSON.parse(kept[0]?.input ?? "[]")[0].json).toMatchObject({ Name: "Ada", formMode: "test" });
  });
});

const say = (message: JsonObject) =>
  new Request("http://localhost/chat/x", {
    method: "POST",
    body: JSON.stringify(message),
    headers: { "content-type": "application/json" },
  });

describe("a chat", () => {
  const echo = { type: "set", parameters: { fields: [{ name: "output", value: "=You said {{ $json.chatInput }}" }] } };

  test("is a page whose only script is its own", async () => {
    const { id } = await page("chat-trigger", { title: "Help <desk>", welcome: "Hello\nAsk me" });
    const answer = await handleChat(get(), id);
    const nonce = /script nonce="([^"]+)"/.exec(await answer.clone().text())?.[1];
    expect(answer.headers.get("content-security-policy")).toContain(`script-src 'nonce-${nonce}'; connect-src 'self'`);
    expect(await answer.text()).toContain("Help &lt;desk&gt;");
  });

  test("answers each message with what the last node gave, once", async () => {
    const { id, flowId } = await page("chat-trigger", {}, { Answer: echo });
    for (let times = 0; times < 2; times++) {
      const answer = await handleChat(say({ sessionId: "s1", chatInput: "hi", messageId: "m1" }), id);
      expect(await answer.json()).toMatchObject({ output: "You said hi" });
    }
    const rows = await endedExecutions(flowId, 1);
    expect(rows.map(({ mode, input }) => [mode, JSON.parse(input ?? "[]")[0].json])).toEqual([
      ["chat", { sessionId: "s1", action: "sendMessage", chatInput: "hi" }],
    ]);
  });

  test("answers with what a Respond to Webhook node says", async () => {
    const respond = { type: "respond-to-webhook", parameters: { respondWith: "json", json: '={{ { "output": "from the node" } }}' } };
    const { id } = await page("chat-trigger", { responseMode: "respondNode" }, { Respond: respond });
    expect(await (await handleChat(say({ sessionId: "s", chatInput: "x" }), id)).json()).toMatchObject({ output: "from the node" });
  });

  test("tells of a failure without its details, and refuses what is no message", async () => {
    const { id } = await page("chat-trigger", {}, { Stop: { type: "stop-and-error", parameters: { message: "the password is 123" } } });
    const answer = await handleChat(say({ sessionId: "s", chatInput: "x" }), id);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("123");
    expect((await handleChat(say({ sessionId: "s", chatInput: " " }), id)).status).toBe(400);
  });

  test("has a page for tests whose messages start nothing", async () => {
    const { id, flowId } = await page("chat-trigger", {}, { Answer: echo });
    expect(await (await handleTestChat(say({ sessionId: "s", chatInput: "x" }), id)).text()).toContain("Test message received");
    expect(await db().execution.count({ where: { flowId } })).toBe(0);
  });
});
