import { describe, expect, it } from "vitest";
import { RetryAfterError } from "@/flow/execution/errors";
import { REDACTED, Redactor } from "./redactor";

const SECRET = 'sk-live/+"quoted" ünïcode&=?';

function redactor(...secrets: string[]): Redactor {
  const made = new Redactor();
  made.add(secrets.length > 0 ? secrets : [SECRET]);
  return made;
}

describe("redaction", () => {
  it("gives everything back untouched, down to its parts, where there is no secret", () => {
    const value = { a: [{ b: "text" }], c: new Uint8Array([1, 2]) };
    expect(new Redactor().redact(value)).toBe(value);
    expect(redactor().redact(value)).toBe(value);
  });

  it.each([
    ["as it is", SECRET],
    ["within JSON", JSON.stringify({ key: SECRET })],
    ["within JSON within JSON", JSON.stringify(JSON.stringify({ key: SECRET }))],
    ["in a URL", `https://x.test/?key=${encodeURIComponent(SECRET)}`],
    ["in a form", new URLSearchParams({ key: SECRET }).toString()],
    ["as base64", Buffer.from(SECRET).toString("base64")],
    ["as base64 behind one character", Buffer.from(`:${SECRET}:`).toString("base64")],
    ["as base64 behind two", Buffer.from(`u:${SECRET}x`).toString("base64url")],
    ["as hex", Buffer.from(SECRET).toString("hex")],
    ["as hex in capitals", Buffer.from(SECRET).toString("hex").toUpperCase()],
    ["in a page", `<b>${SECRET.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}</b>`],
    ["in a URL with small letters", encodeURIComponent(SECRET).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
  ])("takes a secret out %s", (_, text) => {
    const cleaned = redactor().redact({ deep: [{ [text]: text }] });
    const shown = JSON.stringify(cleaned);
    expect(shown).toContain(REDACTED);
    for (const form of [
      SECRET,
      encodeURIComponent(SECRET),
      Buffer.from(SECRET).toString("base64").slice(4, -6),
      Buffer.from(SECRET).toString("hex"),
      Buffer.from(SECRET).toString("hex").toUpperCase(),
      "ünïcode&amp;=?",
      "%22quoted%22".toLowerCase(),
    ]) {
      expect(shown).not.toContain(form);
    }
  });

  it("overwrites secrets in files, and leaves their length", () => {
    const bytes = Buffer.from(`before ${SECRET} after`);
    const cleaned = redactor().redact<Uint8Array>(bytes);
    expect(cleaned.length).toBe(bytes.length);
    expect(Buffer.from(cleaned).toString()).toMatch(/^before \*+ after$/);
    expect(bytes.toString()).toContain(SECRET);
  });

  it("cleans errors and what caused them, which stay the errors that they are", () => {
    const cause = new Error(`sent ${SECRET}`);
    const error = Object.assign(new RetryAfterError(`429 for ${SECRET}`, 5000, { cause }), { hint: `try without ${SECRET}` });
    const cleaned = redactor().redact(error);
    expect(cleaned).toBeInstanceOf(RetryAfterError);
    expect(cleaned.retryAfterMs).toBe(5000);
    expect([cleaned.message, cleaned.stack, cleaned.hint, cause.message, cause.stack].join()).not.toContain(SECRET);
  });

  it("prefers the longer of two secrets that begin alike", () => {
    expect(redactor("abcdefgh", "abcdefgh-and-more").redact("x abcdefgh-and-more y")).toBe(`x ${REDACTED} y`);
  });

  it("finds a server's short password where it stands by itself, in texts and files, and leaves words that hold it", () => {
    const short = redactor("root", "p.w-1");
    expect(short.redact({ said: 'login "root" with p.w-1: root/p.w-1', other: "uprooted rooted roots Wurzelroot rooté xp.w-1" })).toEqual({
      said: `login "${REDACTED}" with ${REDACTED}: ${REDACTED}/${REDACTED}`,
      other: "uprooted rooted roots Wurzelroot rooté xp.w-1",
    });
    expect(Buffer.from(short.redact<Uint8Array>(Buffer.from("root:uprooted root"))).toString()).toBe("****:uprooted ****");
  });

  it("leaves short values alone: they would be everywhere", () => {
    expect(redactor("abc").redact("abc")).toBe("abc");
  });

  it("ends on values that contain themselves", () => {
    const circle: { self?: unknown; text: string } = { text: "x" };
    circle.self = circle;
    expect(redactor().redact(circle)).toBe(circle);
  });
});
