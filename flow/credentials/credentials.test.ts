import { describe, expect, it } from "vitest";
import { isSensitive, maskFields, maskSecret } from "./fields";
import { hostOf, isBoundTo, parseBoundHost } from "./hosts";

describe("masks", () => {
  it("show both ends of a long secret", () => {
    expect(maskSecret("sk-1234567890abcdef")).toBe("sk-12***********cdef");
    expect(maskSecret("cs-abcdef1234567890")).toBe("cs-ab***********7890");
  });

  it("never show more than half, nor how long it is", () => {
    for (let length = 8; length < 60; length++) {
      const secret = "abcdefghijklmnopqrstuvwxyz0123456789".repeat(2).slice(0, length);
      const shown = maskSecret(secret).replaceAll("*", "").length;
      expect(shown).toBeLessThanOrEqual(length / 2);
    }
    expect(new Set(["a".repeat(18), "a".repeat(500)].map((secret) => maskSecret(secret).length)).size).toBe(1);
  });

  it("leave what is no secret as it is", () => {
    const fields = { host: "db.example.com", port: "5432", user: "app", password: "correct horse battery" };
    expect(maskFields("custom", fields)).toEqual({ ...fields, password: "corre***********tery" });
    expect(isSensitive("custom", "anything_else")).toBe(true);
    expect(isSensitive("oauth2", "access_token")).toBe(true);
    expect(isSensitive("basic_auth", "username")).toBe(false);
  });
});

describe("hosts that a credential is bound to", () => {
  const bound = (hosts: string[], url: string) => isBoundTo(hosts, new URL(url));

  it("are exactly those, by https on its own port", () => {
    expect(bound(["api.example.com"], "https://api.example.com/x")).toBe(true);
    expect(bound(["API.Example.com"], "https://api.example.com/x")).toBe(true);
    for (const other of [
      "http://api.example.com/",
      "https://api.example.com:8443/",
      "https://evilapi.example.com/",
      "https://api.example.com.evil.test/",
      "https://example.com/",
      "https://api.example.com@evil.test/",
      "https://evil.test/?https://api.example.com/",
    ]) {
      expect(bound(["api.example.com"], other), other).toBe(false);
    }
  });

  it("may be all below a domain, and never one that only ends alike", () => {
    expect(bound(["*.example.com"], "https://a.b.example.com/")).toBe(true);
    expect(bound(["*.example.com"], "https://example.com/")).toBe(false);
    expect(bound(["*.example.com"], "https://evilexample.com/")).toBe(false);
    expect(bound(["*.example.com"], "https://example.com.evil.test/")).toBe(false);
  });

  it("say scheme and port where those are others", () => {
    expect(bound(["http://localhost:3000"], "http://localhost:3000/x")).toBe(true);
    expect(bound(["http://localhost:3000"], "https://localhost:3000/x")).toBe(false);
    expect(bound(["api.example.com:8443"], "https://api.example.com:8443/")).toBe(true);
    expect(bound([], "https://api.example.com/")).toBe(false);
  });

  it("are hosts, and no wider than a domain", () => {
    for (const text of ["*", "*.com", "", "a b", "https://x/path", "*.10.0.0.1", "a@b", "x?y", "*.*.example.com", "[::1", "x:99999999"]) {
      expect(parseBoundHost(text), text).toBeNull();
    }
    expect(parseBoundHost("[::1]:80")).toMatchObject({ hostname: "[::1]", port: "80" });
  });

  it("follow from a base URL", () => {
    expect(hostOf("https://api.example.com/v1")).toBe("api.example.com");
    expect(hostOf("http://127.0.0.1:4000/v1")).toBe("http://127.0.0.1:4000");
    expect(hostOf("ftp://x")).toBeNull();
  });
});
