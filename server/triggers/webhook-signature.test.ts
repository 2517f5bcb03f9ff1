import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { webhookTrigger } from "@/nodes/webhook-trigger/definition";
import { isSigned } from "./webhook-signature";

const NOW = Date.parse("2026-03-02T09:00:00Z");
const SECRET = "It's a Secret to Everybody";
const settingsWith = (given: object) => webhookTrigger.parameters.parse({ authentication: "hmac", ...given });
const signature = (text: string, { secret = SECRET as string | Buffer, algorithm = "sha256", encoding = "hex" as "hex" | "base64" } = {}) =>
  createHmac(algorithm, secret).update(text).digest(encoding);

function check(given: object, headers: Record<string, string>, body = "Hello, World!", secret = SECRET): boolean {
  return isSigned(new Request("http://localhost/", { method: "POST", headers }), Buffer.from(body), settingsWith(given), secret, NOW);
}

describe("a signed call", () => {
  test("of GitHub, by the example in its manual", () => {
    const header = { "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" };
    expect(check({}, header)).toBe(true);
    expect(check({}, header, "Hello, World?")).toBe(false);
    expect(check({}, header, "Hello, World!", "another secret")).toBe(false);
  });

  test("of Slack: version, timestamp and body", () => {
    const settings = {
      signatureHeader: "X-Slack-Signature",
      signaturePrefix: "v0=",
      signedText: "v0:{timestamp}:{body}",
      timestampHeader: "X-Slack-Request-Timestamp",
    };
    const sent = (seconds: number) => ({
      "X-Slack-Request-Timestamp": String(seconds),
      "X-Slack-Signature": `v0=${signature(`v0:${seconds}:Hello, World!`)}`,
    });
    expect(check(settings, sent(NOW / 1000 - 299))).toBe(true);
    expect(check(settings, sent(NOW / 1000 - 301))).toBe(false);
    expect(check(settings, sent(NOW / 1000 + 301))).toBe(false);
    expect(check(settings, { ...sent(NOW / 1000), "X-Slack-Request-Timestamp": String(NOW / 1000 - 1) })).toBe(false);
    expect(check(settings, { "X-Slack-Signature": `v0=${signature("v0::Hello, World!")}` })).toBe(false);
  });

  test("of Stripe: timestamp and several signatures in one header", () => {
    const settings = { signatureHeader: "Stripe-Signature", signaturePrefix: "v1=", signedText: "{timestamp}.{body}" };
    const at = NOW / 1000;
    const good = signature(`${at}.Hello, World!`);
    expect(check(settings, { "Stripe-Signature": `t=${at},v1=${signature("old")},v1=${good},v0=x` })).toBe(true);
    expect(check(settings, { "Stripe-Signature": `t=${at},v0=${good}` })).toBe(false);
    expect(check(settings, { "Stripe-Signature": `v1=${signature(".Hello, World!")}` })).toBe(false);
  });

  test("of Shopify: Base64 without a prefix", () => {
    const settings = { signatureHeader: "X-Shopify-Hmac-Sha256", signaturePrefix: "", signatureEncoding: "base64" };
    expect(check(settings, { "X-Shopify-Hmac-Sha256": signature("Hello, World!", { encoding: "base64" }) })).toBe(true);
    expect(check(settings, { "X-Shopify-Hmac-Sha256": "" })).toBe(false);
    expect(check(settings, {})).toBe(false);
  });

  test("of Standard Webhooks: the id is signed too, and the secret is Base64", () => {
    const settings = {
      signatureHeader: "webhook-signature",
      signaturePrefix: "v1,",
      signatureEncoding: "base64",
      signedText: "{header:webhook-id}.{timestamp}.{body}",
      timestampHeader: "webhook-timestamp",
    };
    const key = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
    const at = NOW / 1000;
    const good = signature(`msg_1.${at}.Hello, World!`, { secret: key, encoding: "base64" });
    const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(at), "webhook-signature": `v1,AAAA v1,${good}` };
    expect(check(settings, headers, "Hello, World!", `whsec_${key.toString("base64")}`)).toBe(true);
    expect(check(settings, { ...headers, "webhook-id": "msg_2" }, "Hello, World!", `whsec_${key.toString("base64")}`)).toBe(false);
  });

  test.each(["sha1", "sha512"])("with %s", (algorithm) => {
    const settings = { signatureAlgorithm: algorithm, signaturePrefix: "", signatureHeader: "X-Signature" };
    expect(check(settings, { "X-Signature": signature("Hello, World!", { algorithm }) })).toBe(true);
    expect(check(settings, { "X-Signature": signature("Hello, World!") })).toBe(false);
  });

  test("over bytes that are no text", () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    const header = `sha256=${createHmac("sha256", SECRET).update(bytes).digest("hex")}`;
    const request = new Request("http://localhost/", { method: "POST", headers: { "X-Hub-Signature-256": header } });
    expect(isSigned(request, bytes, settingsWith({}), SECRET, NOW)).toBe(true);
  });
});
