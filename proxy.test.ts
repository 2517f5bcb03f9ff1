import { unstable_doesMiddlewareMatch as passes } from "next/experimental/testing/server";
import { NextRequest } from "next/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { config, proxy } from "./proxy";

/** Where a page may connect to. */
function connections(settings: Record<string, string>): string[] {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const policy = proxy(new NextRequest("http://localhost:3000/flows")).headers.get("content-security-policy") ?? "";
  const directive = policy.split("; ").find((part) => part.startsWith("connect-src")) ?? "";
  return directive.split(" ").slice(1);
}

afterEach(() => vi.unstubAllEnvs());

describe("where a page may connect to", () => {
  it("is its own origin", () => {
    expect(connections({})).toEqual(["'self'"]);
    expect(connections({ ABLY_ENDPOINT: "localhost", ABLY_PORT: "8081" })).toEqual(["'self'"]);
  });

  it("is Ably too where it is configured, encrypted", () => {
    const allowed = connections({ ABLY_API_KEY: "app.key:secret" });
    expect(allowed).toContain("wss://*.ably.net");
    expect(allowed).toContain("https://*.ably-realtime.com");
    expect(allowed.filter((origin) => !/^('self'|(https|wss):\/\/\*\.(ably\.io|ably\.net|ably-realtime\.com))$/.test(origin))).toEqual([]);
  });

  it("is Ably's own hosts for a routing policy's name", () => {
    expect(connections({ ABLY_API_KEY: "app.key:secret", ABLY_ENDPOINT: "eu" })).toContain("wss://*.ably.net");
  });

  it("is the endpoint that is named, and none of Ably's", () => {
    const settings = { ABLY_API_KEY: "app.key:secret", ABLY_ENDPOINT: "localhost", ABLY_PORT: "8081", ABLY_TLS: "false" };
    expect(connections(settings)).toEqual(["'self'", "http://localhost:8081", "ws://localhost:8081"]);
  });
});

const policyOf = (url: string): Record<string, string[]> => {
  const policy = proxy(new NextRequest(url)).headers.get("content-security-policy") ?? "";
  return Object.fromEntries(policy.split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1)]));
};

describe("the policy of a page", () => {
  it("lets only scripts run that carry the nonce of this one request", () => {
    vi.stubEnv("NODE_ENV", "production");
    const [one, other] = [policyOf("https://app.test/flows"), policyOf("https://app.test/flows")];
    expect(one["script-src"]).toEqual(["'self'", expect.stringMatching(/^'nonce-[A-Za-z0-9+/=]{40,}'$/), "'strict-dynamic'"]);
    expect(one["script-src"]).not.toEqual(other["script-src"]);
    expect(one).toMatchObject({
      "object-src": ["'none'"],
      "base-uri": ["'none'"],
      "frame-ancestors": ["'none'"],
      "form-action": ["'self'"],
    });
  });

  it("is set by us, whatever the request brings along", () => {
    const request = new NextRequest("http://localhost:3000/flows", {
      headers: { "content-security-policy": "script-src *", "x-nonce": "known", "x-pathname": "//evil.example" },
    });
    const answer = proxy(request);
    expect(answer.headers.get("x-middleware-request-x-nonce")).not.toBe("known");
    expect(answer.headers.get("x-middleware-request-x-pathname")).toBe("/flows");
    expect(answer.headers.get("x-middleware-request-content-security-policy")).toBe(answer.headers.get("content-security-policy"));
  });

  it.each([
    "/",
    "/flows",
    "/flows/x.png",
    "/flows/a.json",
    "/executions/b.svg",
    "/nothing.ico",
    "/a/favicon.ico",
    "/samples/a/b",
    "/api",
    "/apix",
  ])("is there for %s", (url) => {
    expect(passes({ config, url })).toBe(true);
  });

  it.each([
    "/api/trpc/session.me",
    "/api/hooks/x",
    "/_next/static/chunks/a.js",
    "/samples/orders.json",
    "/icon.svg",
    "/favicon.ico",
    "/apple-touch-icon.png",
  ])("is not needed for %s", (url) => {
    expect(passes({ config, url })).toBe(false);
  });
});
