import { describe, expect, test } from "vitest";
import { buildActionRequest } from "./build-request";
import { emailMessage } from "./email-message";
import { actionSchema, toolSchema } from "./schema";

const decode = (text: string): string => new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
const pdf = { bytes: new TextEncoder().encode("%PDF"), fileName: "Größe.pdf", mimeType: "application/pdf" };

describe("a message of mail", () => {
  test("has its headers encoded, and its text as base64 in lines", () => {
    const message = emailMessage({ to: "Zoë <z@x.test>, b@x.test", subject: "Grüße", text: "ä".repeat(100) }, {}, "n");
    const [head = "", body = ""] = message.split("\r\n\r\n");
    expect(head.split("\r\n")).toEqual([
      `To: =?UTF-8?B?${btoa(String.fromCharCode(...new TextEncoder().encode("Zoë")))}?= <z@x.test>, b@x.test`,
      expect.stringMatching(/^Subject: =\?UTF-8\?B\?[\w+/=]+\?=$/),
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
    ]);
    expect(Math.max(...body.split("\r\n").map((line) => line.length))).toBe(76);
    expect(decode(body.replaceAll("\r\n", ""))).toBe("ä".repeat(100));
  });

  test("folds a long subject into words that are short enough", () => {
    const line = /Subject: ([\s\S]*?)\r\nMIME/.exec(emailMessage({ to: "a@x.test", subject: "ü".repeat(90) }, {}, "n"))?.[1] ?? "";
    const words = line.split("\r\n ");
    expect(words.every((word) => word.length <= 75)).toBe(true);
    expect(words.map((word) => decode(word.slice(10, -2))).join("")).toBe("ü".repeat(90));
  });

  test("holds text, HTML and files", () => {
    const message = emailMessage({ to: "a@x.test", text: "T", html: "<b>H</b>", attachments: ["file", "none"] }, { file: pdf }, "n");
    expect(message).toContain('Content-Type: multipart/mixed; boundary="tolstoy-mixed-n"');
    expect(message).toContain('Content-Type: multipart/alternative; boundary="tolstoy-alternative-n"');
    expect(message).toContain(`filename="Gr__e.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf\r\n\r\n${btoa("%PDF")}`);
    expect(message.trimEnd().endsWith("--tolstoy-mixed-n--")).toBe(true);
  });

  test("refuses a line break that would make another header", () => {
    expect(() => emailMessage({ to: "a@x.test\r\nBcc: all@x.test" }, {}, "n")).toThrow("The message's To has a line break in it");
    expect(() => emailMessage({ to: "a@x.test", subject: "a\nb" }, {}, "n")).toThrow("Subject");
  });
});

describe("a body", () => {
  const tool = toolSchema.parse({ key: "shop", name: "Shop", baseUrl: "https://api.shop.test" });
  const build = (given: object, inputs: object, files = {}) =>
    buildActionRequest({
      tool,
      action: actionSchema.parse({ key: "call", name: "Call", method: "POST", ...given }),
      inputs: inputs as never,
      files,
      nonce: "n",
    });

  test("has texts and files in base64 where the action says, and never because an input says", () => {
    const body = {
      text: { $base64: "{{inputs.text}}" },
      file: { $base64: { file: "file" } },
      none: { $base64: "{{inputs.none}}" },
      raw: "{{inputs.raw}}",
    };
    const sent = build({ bodyType: "json", body }, { text: "Grüße", file: "data", raw: { $base64: "x" } }, { file: pdf });
    expect(JSON.parse(String(sent.body))).toEqual({ text: "R3LDvMOfZQ==", file: btoa("%PDF"), raw: { $base64: "x" } });
  });

  test("can be what is known of a file, and the file", () => {
    const body = { metadata: { name: "{{inputs.name}}", parents: ["{{inputs.folder}}"] }, file: "{{inputs.file}}" };
    const sent = build({ bodyType: "related", body }, { name: "a", file: "data" }, { file: pdf });
    expect(sent.headers["content-type"]).toBe("multipart/related; boundary=----tolstoy-part-n");
    expect(new TextDecoder().decode(sent.body as Uint8Array)).toBe(
      '------tolstoy-part-n\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{"name":"a"}\r\n------tolstoy-part-n\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n------tolstoy-part-n--\r\n',
    );
    expect(() => build({ bodyType: "related", body }, { name: "a" })).toThrow("There is no file to send");
  });
});
