import { describe, expect, it } from "vitest";
import type { Hop } from "../http/guarded-client";
import { addCredential } from "./inject";
import type { OpenCredential } from "./open";

const MARKER = "s3cr3tmarker0";
const credential = (more: Partial<OpenCredential>): OpenCredential => ({
  id: "cred_1",
  name: "Account",
  type: "oauth2",
  organizationId: "org",
  provider: null,
  fields: { access_token: "the-access-token" },
  secrets: [],
  settings: {},
  allowedHosts: [],
  version: 1,
  tokenExpiresAt: null,
  ...more,
});
const sent = (name: string, text: string, field: string, of: OpenCredential): string | undefined => {
  const hop: Hop = {
    method: "GET",
    url: new URL("https://api.example.com/"),
    headers: { [name]: text.replace("KEY", MARKER) },
    body: undefined,
  };
  return addCredential(hop, of, { [MARKER]: field }).headers[name];
};

describe("an access token where a tool has an API key", () => {
  it.each([
    ["KEY", "api_key", "Bearer the-access-token"],
    ["Bot KEY", "token", "Bearer the-access-token"],
    ["Bearer KEY", "api_key", "Bearer the-access-token"],
    ["Bearer KEY", "access_token", "Bearer the-access-token"],
    // Said by the request, which knows.
    ["KEY", "access_token", "the-access-token"],
    ["token=KEY, v=1", "api_key", "token=the-access-token, v=1"],
  ])("goes as a bearer's: %s with %s", (text, field, expected) => {
    expect(sent("authorization", text, field, credential({}))).toBe(expected);
  });

  it("goes as it is into any other header", () => {
    expect(sent("x-api-key", "KEY", "api_key", credential({}))).toBe("the-access-token");
  });
});

it.each([
  ["api_key", { api_key: "the-key" }],
  ["bearer", { token: "the-key" }],
] as const)("an API key that is kept as %s goes as the tool says", (type, fields) => {
  expect(sent("authorization", "KEY", "api_key", credential({ type, fields }))).toBe("the-key");
  expect(sent("authorization", "Bot KEY", "token", credential({ type, fields }))).toBe("Bot the-key");
});
