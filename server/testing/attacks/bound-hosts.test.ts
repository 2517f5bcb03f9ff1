import { describe, expect, it } from "vitest";
import { isBoundTo, parseBoundHost } from "@/flow/credentials/hosts";

const goes = (host: string, url: string): boolean => isBoundTo([host], new URL(url));

describe("a credential of api.example.com", () => {
  it.each([
    "https://evilapi.example.com/",
    "https://api.example.com.evil.test/",
    "https://evil.test/api.example.com",
    "https://api.example.com@evil.test/",
    "https://api.example.com:x@evil.test/",
    "https://evil.test#@api.example.com/",
    "https://evil.test\\@api.example.com/",
    "https://evil.test/?api.example.com",
    "https://api.example.com./",
    "https://api.example.com:8443/",
    "http://api.example.com/",
    "http://api.example.com:443/",
    "https://xn--pi-7kc.example.com/",
    "https://аpi.example.com/",
    "https://example.com/",
    "https://sub.api.example.com/",
    "https://api-example.com/",
  ])("stays away from %s", (url) => {
    expect(goes("api.example.com", url)).toBe(false);
  });

  it.each(["https://api.example.com/", "https://API.example.com:443/x?y", "https://ada:pw@api.example.com/", "https://api%2Eexample.com/"])(
    "goes to %s, which is the same",
    (url) => {
      expect(goes("api.example.com", url)).toBe(true);
    },
  );
});

describe("a credential of *.example.com", () => {
  it.each([
    "https://evilexample.com/",
    "https://example.com/",
    "https://a.example.com.evil.test/",
    "https://a.example.com@evil.test/",
    "https://a.example.com:444/",
    "http://a.example.com/",
  ])("stays away from %s", (url) => {
    expect(goes("*.example.com", url)).toBe(false);
  });

  it("goes to names below it", () => {
    expect(goes("*.example.com", "https://a.b.example.com/")).toBe(true);
  });
});

it.each([
  "*",
  "*.com",
  "*.*.com",
  "*.127.0.0.1",
  "*.[::1]",
  "https://*",
  "a b",
  "api.example.com/path",
  "ada@api.example.com",
  "",
  "*example.com",
])("%j is no host to be bound to", (host) => {
  expect(parseBoundHost(host)).toBeNull();
});
