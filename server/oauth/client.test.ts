import { describe, expect, it } from "vitest";
import type { HttpRequest } from "@/flow/node/context";
import type { PreparingClient } from "../credentials/authorized-client";
import {
  beginAuthorization,
  GrantEndedError,
  type OAuthClient,
  OAuthFailure,
  overridden,
  redeemCode,
  renewTokens,
  revokeTokens,
  serverOf,
} from "./client";
import { OAUTH_PROVIDERS } from "./providers";

const sent: HttpRequest[] = [];
/** Answers with these bodies, one after the other. */
function answering(...answers: { status?: number; body: unknown }[]): PreparingClient {
  sent.length = 0;
  return {
    async request(request) {
      sent.push(request);
      const { status = 200, body } = answers.shift() ?? { status: 500, body: {} };
      const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
      return { status, statusText: "", headers: { "content-type": "application/json" }, body: bytes, url: request.url };
    },
  };
}

async function clientFor(key: string, endpoints: object = {}): Promise<OAuthClient> {
  const { provider, issuer, grant } = overridden(key, endpoints);
  return {
    key,
    provider,
    clientId: "the-client",
    clientSecret: "the-secret",
    redirectUri: "https://app.test/oauth/callback",
    scopes: ["a", "b"],
    grant,
    server: await serverOf(provider, issuer, answering()),
  };
}

const form = (index = 0) => Object.fromEntries(new URLSearchParams(String(sent[index]?.body)));

describe("the address where a person gives access", () => {
  it.each(Object.keys(OAUTH_PROVIDERS).filter((key) => key !== "oauth2"))(
    "of %s has its client, state, scopes and what it needs beside",
    async (key) => {
      const client = await clientFor(key);
      const { url, state, verifier } = await beginAuthorization(client, ["a", "b"]);
      const { origin, pathname, searchParams } = new URL(url);
      expect(`${origin}${pathname}`).toBe(client.provider.authorizationEndpoint);
      expect(url).not.toContain("{tenant}");
      expect(url).not.toContain("the-secret");
      expect(Object.fromEntries(searchParams)).toMatchObject({
        client_id: "the-client",
        redirect_uri: "https://app.test/oauth/callback",
        response_type: "code",
        state,
        scope: ["a", "b"].join(client.provider.scopeSeparator),
        ...client.provider.parameters,
      });
      expect(searchParams.get("code_challenge_method")).toBe(client.provider.pkce ? "S256" : null);
      expect(verifier !== "").toBe(client.provider.pkce);
    },
  );

  it("has what the organization said in place of the provider's own", async () => {
    const client = await clientFor("microsoft", { tenant: "contoso" });
    expect((await beginAuthorization(client, [])).url).toContain("https://login.microsoftonline.com/contoso/oauth2/v2.0/authorize");
    const own = await clientFor("github", { authorizationEndpoint: "https://ghe.test/authorize", tokenEndpoint: "https://ghe.test/token" });
    expect((await beginAuthorization(own, [])).url).toContain("https://ghe.test/authorize");
    expect(own.server.token_endpoint).toBe("https://ghe.test/token");
  });
});

describe("answers that are not as the standard has them", () => {
  const old = { accessToken: "old", refreshToken: "refresh", scopes: [] };
  const callback = { parameters: new URLSearchParams({ code: "c", state: "s" }), state: "s", verifier: "v".repeat(43) };

  it("GitHub's and Slack's errors with 200 end a grant, or not", async () => {
    const github = await clientFor("github");
    await expect(renewTokens(github, old, answering({ body: { error: "bad_refresh_token" } }))).rejects.toBeInstanceOf(GrantEndedError);
    await expect(renewTokens(github, old, answering({ body: { error: "incorrect_client_credentials" } }))).rejects.toBeInstanceOf(
      OAuthFailure,
    );
    const slack = await clientFor("slack");
    await expect(renewTokens(slack, old, answering({ body: { ok: false, error: "invalid_refresh_token" } }))).rejects.toBeInstanceOf(
      GrantEndedError,
    );
    await expect(renewTokens(slack, old, answering({ body: { ok: false, error: "ratelimited" } }))).rejects.toBeInstanceOf(OAuthFailure);
  });

  it("Slack's tokens are found, a bot's before a user's", async () => {
    const slack = await clientFor("slack");
    const bot = {
      ok: true,
      access_token: "xoxb",
      token_type: "bot",
      scope: "chat:write,users:read",
      authed_user: { access_token: "xoxp" },
    };
    expect(await redeemCode(slack, { ...callback, verifier: "" }, answering({ body: bot }))).toMatchObject({
      accessToken: "xoxb",
      scopes: ["chat:write", "users:read"],
    });
    expect(form()).not.toHaveProperty("code_verifier");
    const user = { ok: true, authed_user: { access_token: "xoxp", refresh_token: "xoxe", expires_in: 60, scope: "x" } };
    expect(await redeemCode(slack, { ...callback, verifier: "" }, answering({ body: user }))).toMatchObject({
      accessToken: "xoxp",
      refreshToken: "xoxe",
    });
  });

  it("a missing type of token is a bearer's; who the person is, is of no matter", async () => {
    const google = await clientFor("google");
    const tokens = await redeemCode(
      google,
      callback,
      answering({ body: { access_token: "t", expires_in: 3600, id_token: "not.even.one" } }),
    );
    expect(tokens).toMatchObject({ accessToken: "t", refreshToken: null, scopes: null });
    expect(form()).toMatchObject({ client_secret: "the-secret", code_verifier: callback.verifier });
  });

  it("Facebook's token is exchanged for a longer-lived one", async () => {
    const facebook = await clientFor("facebook");
    const tokens = await renewTokens(facebook, old, answering({ body: { access_token: "longer", expires_in: 5_184_000 } }));
    expect(tokens.accessToken).toBe("longer");
    expect(form()).toMatchObject({ grant_type: "fb_exchange_token", fb_exchange_token: "old" });
  });

  it("what is no JSON, or a fault over there, may pass", async () => {
    const discord = await clientFor("discord");
    await expect(renewTokens(discord, old, answering({ status: 502, body: "<html>bad gateway</html>" }))).rejects.toBeInstanceOf(
      OAuthFailure,
    );
    await expect(renewTokens(discord, old, answering({ status: 400, body: { error: "invalid_grant" } }))).rejects.toBeInstanceOf(
      GrantEndedError,
    );
    expect(sent[0]?.headers?.authorization).toMatch(/^Basic /);
  });

  it("an answer of another issuer, or to another state, is refused", async () => {
    const discord = await clientFor("discord");
    const from = (iss: string) => ({ ...callback, parameters: new URLSearchParams({ code: "c", state: "s", iss }) });
    await expect(redeemCode(discord, from("https://evil.test"), answering())).rejects.toBeInstanceOf(OAuthFailure);
    await expect(redeemCode(discord, { ...callback, state: "other" }, answering())).rejects.toBeInstanceOf(OAuthFailure);
    expect(sent).toEqual([]);
  });
});

describe("revocation", () => {
  const tokens = { accessToken: "access", refreshToken: "refresh" };
  it.each([
    ["github", "DELETE", "https://api.github.com/applications/the-client/token"],
    ["google", "POST", "https://oauth2.googleapis.com/revoke"],
    ["slack", "POST", "https://slack.com/api/auth.revoke"],
    ["discord", "POST", "https://discord.com/api/oauth2/token/revoke"],
    ["facebook", "DELETE", "https://graph.facebook.com/v23.0/me/permissions"],
  ])("at %s", async (key, method, url) => {
    expect(await revokeTokens(await clientFor(key), tokens, answering({ body: {} }))).toBe(true);
    expect(sent[0]).toMatchObject({ method, url });
  });

  it.each(["microsoft", "linkedin"])("is not to be had at %s", async (key) => {
    expect(await revokeTokens(await clientFor(key), tokens, answering())).toBe(false);
    expect(sent).toEqual([]);
  });
});
