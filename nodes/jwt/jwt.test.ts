import { createHmac, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const now = new Date("2024-01-01T00:00:00Z");
const NOW = now.getTime() / 1000;
const run = async (parameters: JsonObject, at = now) => (await executeForTest("jwt", { parameters, now: at })).json[0]?.[0] as JsonObject;
const sign = async (parameters: JsonObject) => (await run({ operation: "sign", secret: "s3cret", ...parameters })).token as string;
const verify = (token: string, parameters: JsonObject = {}, at = now) =>
  run({ operation: "verify", token, secret: "s3cret", ...parameters }, at);

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (key: typeof rsa.privateKey, type: "pkcs1" | "pkcs8" | "spki" | "sec1") =>
  key.export({ type: type as "spki", format: "pem" }).toString();

describe("JWT", () => {
  it("signs claims so that anyone with the secret can check them", async () => {
    const token = await sign({ issuer: "me", subject: "you", audience: "all", expiresIn: 60, notBefore: 5, jwtid: "1", kid: "k" });
    const [header, payload, signature] = token.split(".") as [string, string, string];
    expect(createHmac("sha256", "s3cret").update(`${header}.${payload}`).digest("base64url")).toBe(signature);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT", kid: "k" });
    expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toEqual({
      iat: NOW,
      exp: NOW + 60,
      nbf: NOW + 5,
      iss: "me",
      sub: "you",
      aud: "all",
      jti: "1",
    });
  });

  it("takes claims as JSON, and verifies what it signed", async () => {
    const token = await sign({ useJson: true, claimsJson: '{"name":"Ada","iat":1}', algorithm: "HS512" });
    expect(await verify(`Bearer ${token}`, { algorithm: "HS512" })).toEqual({ payload: { name: "Ada", iat: 1 } });
    expect(await verify(token, { algorithm: "HS512", complete: true })).toMatchObject({
      header: { alg: "HS512" },
      signature: token.split(".")[2],
    });
  });

  it.each([
    ["RS256", pem(rsa.privateKey, "pkcs1"), pem(rsa.publicKey, "spki")],
    ["PS384", pem(rsa.privateKey, "pkcs8"), pem(rsa.publicKey, "pkcs1")],
    ["ES256", pem(ec.privateKey, "sec1"), pem(ec.publicKey, "spki")],
  ])("signs and verifies with keys: %s", async (algorithm, privateKey, publicKey) => {
    const token = await sign({ algorithm, keyType: "pemKey", privateKey: privateKey.replaceAll("\n", "\\n"), subject: "x" });
    expect(await verify(token, { algorithm, keyType: "pemKey", publicKey })).toEqual({ payload: { iat: NOW, sub: "x" } });
  });

  it("refuses tokens that were changed, or signed in another way", async () => {
    const token = await sign({ subject: "x" });
    const [header, , signature] = token.split(".");
    const changed = `${header}.${Buffer.from('{"sub":"y"}').toString("base64url")}.${signature}`;
    await expect(verify(changed)).rejects.toThrow("signature is not valid");
    await expect(verify(token, { secret: "other" })).rejects.toThrow("signature is not valid");
    await expect(verify(token, { algorithm: "HS384" })).rejects.toThrow("not signed with HS384");
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from("{}").toString("base64url")}.`;
    await expect(verify(unsigned)).rejects.toThrow("not signed with HS256");
  });

  it("never takes a public key for a secret", async () => {
    await expect(verify("a.b.c", { keyType: "pemKey", publicKey: pem(rsa.publicKey, "spki") })).rejects.toThrow("HS256 needs a secret");
    await expect(sign({ algorithm: "RS256" })).rejects.toThrow("RS256 needs a PEM key");
  });

  it("looks at the times, unless told not to", async () => {
    const token = await sign({ expiresIn: 60, notBefore: 30 });
    const at = (seconds: number) => new Date((NOW + seconds) * 1000);
    await expect(verify(token, {}, at(90))).rejects.toThrow("The token expired at 2024-01-01T00:01:00.000Z");
    await expect(verify(token, {}, at(10))).rejects.toThrow("not valid before 2024-01-01T00:00:30.000Z");
    expect(await verify(token, {}, at(45))).toHaveProperty("payload");
    expect(await verify(token, { clockTolerance: 40 }, at(90))).toHaveProperty("payload");
    expect(await verify(token, { ignoreExpiration: true }, at(90))).toHaveProperty("payload");
    expect(await verify(token, { ignoreNotBefore: true }, at(10))).toHaveProperty("payload");
  });

  it("decodes without a key, and says what is no token", async () => {
    const token = await sign({ subject: "x" });
    expect(await run({ operation: "decode", token })).toEqual({ payload: { iat: NOW, sub: "x" } });
    expect(await run({ operation: "decode", token, complete: true })).toMatchObject({ header: { alg: "HS256" } });
    for (const wrong of ["", "abc", "a.b.c", "e30.W10.x", `${token}.more`]) {
      await expect(run({ operation: "decode", token: wrong })).rejects.toThrow('Parameter "token" (item 0)');
    }
    await expect(verify("abc")).rejects.toThrow("is not a JSON Web Token");
  });

  it("names what is wrong with a key without showing it", async () => {
    await expect(sign({ secret: "" })).rejects.toThrow('Parameter "secret" (item 0): is empty');
    const broken = sign({ algorithm: "RS256", keyType: "pemKey", privateKey: "hidden words" });
    await expect(broken).rejects.toThrow("is not a key in PEM form");
    await expect(broken).rejects.not.toThrow("hidden");
    await expect(sign({ algorithm: "ES384", keyType: "pemKey", privateKey: pem(ec.privateKey, "pkcs8") })).rejects.toThrow(
      "does not fit ES384",
    );
  });
});
