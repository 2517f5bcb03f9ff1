import { createVerify, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const run = async (parameters: JsonObject) => (await executeForTest("crypto", { parameters })).json[0]?.[0]?.data as string;

describe("Crypto", () => {
  it("hashes text and files", async () => {
    expect(await run({ type: "MD5", value: "hello" })).toBe("5d41402abc4b2a76b9719d911017c592");
    expect(await run({ value: "abc" })).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // FIPS 202's example.
    expect(await run({ type: "SHA3-256", value: "abc" })).toBe("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    expect(await run({ type: "MD5", value: "hello", encoding: "base64" })).toBe("XUFAKrxLKna5cZ2REBfFkg==");
    const file = await executeForTest("crypto", {
      parameters: { type: "MD5", binaryData: true, binaryPropertyName: "doc" },
      items: [{ json: {}, binary: { doc: { mimeType: "text/plain", data: Buffer.from("hello").toString("base64") } } }],
    });
    expect(file.json[0]).toEqual([{ data: "5d41402abc4b2a76b9719d911017c592" }]);
  });

  it("makes HMACs", async () => {
    // RFC 4231, test case 2.
    expect(await run({ action: "hmac", value: "what do ya want for nothing?", secret: "Jefe" })).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });

  it.each([
    ["rsa", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["ec", generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ])("signs so that the public key verifies it: %s", async (_, { privateKey, publicKey }) => {
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    for (const privateKey of [pem, pem.replaceAll("\n", "\\n")]) {
      const signature = await run({ action: "sign", value: "text", privateKey, encoding: "base64", algorithm: "SHA256" });
      expect(createVerify("SHA256").update("text").verify(publicKey, signature, "base64")).toBe(true);
    }
  });

  it("says what is wrong with a key, and nothing of the key", async () => {
    const broken = run({ action: "sign", value: "x", privateKey: "-----BEGIN PRIVATE KEY-----\nsecretbytes\n-----END PRIVATE KEY-----" });
    await expect(broken).rejects.toThrow('Parameter "privateKey" (item 0): can\'t sign with RSA-SHA256');
    await expect(broken).rejects.not.toThrow("secretbytes");
  });

  it("generates values of their kind and length, never the same", async () => {
    const generate = (extra: JsonObject) => run({ action: "generate", ...extra });
    expect(await generate({})).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await generate({ encodingType: "hex", stringLength: 7 })).toMatch(/^[0-9a-f]{7}$/);
    expect(await generate({ encodingType: "base64", stringLength: 20 })).toMatch(/^[\w+/]{20}$/);
    expect(await generate({ encodingType: "ascii", stringLength: 40 })).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(await generate({})).not.toBe(await generate({}));
  });

  it("keeps the item and puts the result in", async () => {
    const { outputs } = await executeForTest("crypto", {
      parameters: { value: "={{ $json.a }}", type: "MD5", dataPropertyName: "h.md5" },
      items: [{ a: "hello", h: { x: 1 } }],
    });
    expect(outputs[0]).toEqual([{ json: { a: "hello", h: { x: 1, md5: "5d41402abc4b2a76b9719d911017c592" } }, pairedItem: { item: 0 } }]);
  });
});
