import { NextRequest } from "next/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { proxy } from "./proxy";

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
