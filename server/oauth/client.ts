import * as oauth from "oauth4webapi";
import type { PreparingClient } from "../credentials/authorized-client";
import { endpointsSchema } from "./endpoints";
import { OAUTH_PROVIDERS, type OAuthProvider } from "./providers";

/** A provider as an organization uses it: its own client, its own endpoints where it said so. */
export interface OAuthClient {
  /** Key of the configuration. */
  key: string;
  provider: OAuthProvider;
  clientId: string;
  clientSecret: string | null;
  redirectUri: string;
  scopes: string[];
  grant: "authorization_code" | "client_credentials";
  server: oauth.AuthorizationServer;
}

/** Tokens as a provider gave them. */
export interface TokenSet {
  accessToken: string;
  /** Null when it gave none: the old one stays. */
  refreshToken: string | null;
  expiresAt: Date | null;
  /** Null when it did not say: those that were asked for. */
  scopes: string[] | null;
}

/** The provider refuses for good: access was withdrawn, or the refresh token has expired. Somebody has to connect again. */
export class GrantEndedError extends Error {
  override name = "GrantEndedError";
}

/** The provider or its configuration did not let a request through. */
export class OAuthFailure extends Error {
  override name = "OAuthFailure";
}

/** How long any one request to a provider may take; well below the lease of a refresh. */
const TIMEOUT_MS = 15_000;

/** Fetch for the library, by way of the guarded client. Answers are put into the standard's form. */
function fetchBy(http: PreparingClient, normalise: OAuthProvider["normalise"]) {
  return async (url: string, init: { method?: string; headers?: HeadersInit; body?: unknown; signal?: AbortSignal }): Promise<Response> => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = init.body === undefined || init.body === null ? undefined : String(init.body);
    const answer = await http.request(
      { method: init.method ?? "GET", url, headers, ...(body !== undefined && { body }), timeoutMs: TIMEOUT_MS, followRedirects: false },
      init.signal,
    );
    const text = new TextDecoder().decode(answer.body);
    const plain = { "content-type": answer.headers["content-type"] ?? "application/json" };
    if (!normalise && !/json/i.test(plain["content-type"])) return new Response(text, { status: answer.status, headers: plain });
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed !== "object" || parsed === null) throw new Error("no object");
      // Nobody signs in by this: who the person is, is of no matter, and a token about it is not kept.
      const { id_token: _, ...rest } = parsed as Record<string, unknown>;
      if (answer.status < 300 && rest.access_token !== undefined && rest.token_type === undefined) rest.token_type = "bearer";
      const { status, body: standard } = normalise ? normalise(rest) : { status: answer.status, body: rest };
      return Response.json(standard, { status: answer.status >= 400 ? answer.status : status });
    } catch {
      return new Response(text, { status: answer.status, headers: plain });
    }
  };
}

const optionsFor = (http: PreparingClient, client: Pick<OAuthClient, "provider">) => ({
  [oauth.customFetch]: fetchBy(http, client.provider.normalise),
  // Plain HTTP reaches only what the installation's allowlist names.
  [oauth.allowInsecureRequests]: true,
});

/** The provider's own values with those of the configuration over them. */
export function overridden(
  providerKey: string,
  endpoints: unknown,
): { provider: OAuthProvider; issuer?: string; grant: OAuthClient["grant"] } {
  const own = OAUTH_PROVIDERS[providerKey] ?? (OAUTH_PROVIDERS.oauth2 as OAuthProvider);
  const said = endpointsSchema.catch({}).parse(endpoints);
  const tenanted = (url: string) => url.replace("{tenant}", said.tenant ?? "common");
  const revocationEndpoint = said.revocationEndpoint ?? own.revocationEndpoint;
  const { issuer: _, revocationEndpoint: __, ...rest } = own;
  const issuer = said.issuer ?? (said.authorizationEndpoint || said.tokenEndpoint ? undefined : own.issuer);
  return {
    provider: {
      ...rest,
      authorizationEndpoint: said.authorizationEndpoint ?? tenanted(own.authorizationEndpoint),
      tokenEndpoint: said.tokenEndpoint ?? tenanted(own.tokenEndpoint),
      ...(revocationEndpoint && { revocationEndpoint }),
      ...(issuer && { issuer }),
      hosts: said.hosts ?? own.hosts,
      clientAuth: said.clientAuth ?? own.clientAuth,
      pkce: said.pkce ?? own.pkce,
      scopeSeparator: said.scopeSeparator ?? own.scopeSeparator,
      parameters: { ...own.parameters, ...said.parameters },
    },
    ...(said.issuer && { issuer: said.issuer }),
    grant: said.grant ?? "authorization_code",
  };
}

const discovered = new Map<string, { server: oauth.AuthorizationServer; at: number }>();
const DISCOVERY_MS = 60 * 60_000;

/** The endpoints of a server: those that are known, the rest as its issuer publishes them. */
export async function serverOf(
  provider: OAuthProvider,
  issuer: string | undefined,
  http: PreparingClient,
): Promise<oauth.AuthorizationServer> {
  const known: oauth.AuthorizationServer = {
    issuer: provider.issuer ?? originOf(provider.tokenEndpoint),
    ...(provider.authorizationEndpoint && { authorization_endpoint: provider.authorizationEndpoint }),
    ...(provider.tokenEndpoint && { token_endpoint: provider.tokenEndpoint }),
    ...(provider.revocationEndpoint && { revocation_endpoint: provider.revocationEndpoint }),
  };
  if (!issuer) return known;
  const cached = discovered.get(issuer);
  if (cached && Date.now() - cached.at < DISCOVERY_MS) return { ...cached.server, ...known, issuer };
  const url = new URL(issuer);
  try {
    const answer = await oauth.discoveryRequest(url, {
      ...optionsFor(http, { provider: { ...provider, normalise: (body) => ({ status: 200, body }) } }),
    });
    const server = await oauth.processDiscoveryResponse(url, answer);
    if (discovered.size > 500) discovered.clear();
    discovered.set(issuer, { server, at: Date.now() });
    return { ...server, ...known, issuer };
  } catch (cause) {
    throw new OAuthFailure(`${issuer} does not say what its endpoints are: ${reasonOf(cause)}`, { cause });
  }
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : "https://unknown.invalid");

const authOf = ({ provider, clientSecret }: OAuthClient): oauth.ClientAuth =>
  clientSecret === null
    ? oauth.None()
    : provider.clientAuth === "basic"
      ? oauth.ClientSecretBasic(clientSecret)
      : oauth.ClientSecretPost(clientSecret);

export interface AuthorizationRequest {
  url: string;
  state: string;
  /** PKCE's; empty when the provider does not know it. */
  verifier: string;
}

/** Where a person is sent to give access. */
export async function beginAuthorization(client: OAuthClient, scopes: readonly string[]): Promise<AuthorizationRequest> {
  const { provider, server } = client;
  if (!server.authorization_endpoint)
    throw new OAuthFailure(`${provider.name} has no address where people give access: set it in the configuration`);
  const state = oauth.generateRandomState();
  const verifier = provider.pkce ? oauth.generateRandomCodeVerifier() : "";
  const url = new URL(server.authorization_endpoint);
  // As the issuer published it: a browser is sent there.
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new OAuthFailure(`the address where people give access must begin with https://, not ${url.protocol}`);
  const parameters = {
    ...provider.parameters,
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    response_type: "code",
    state,
    ...(scopes.length > 0 && { scope: scopes.join(provider.scopeSeparator) }),
    ...(verifier && { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, state, verifier };
}

/** The tokens for what a person was sent back with. @throws OAuthFailure when the provider or the person refused */
export async function redeemCode(
  client: OAuthClient,
  callback: { parameters: URLSearchParams; state: string; verifier: string },
  http: PreparingClient,
): Promise<TokenSet> {
  const { server } = client;
  const id = { client_id: client.clientId };
  return told(async () => {
    const parameters = oauth.validateAuthResponse(server, id, callback.parameters, callback.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      id,
      authOf(client),
      parameters,
      client.redirectUri,
      callback.verifier || oauth.nopkce,
      optionsFor(http, client),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, id, answer);
    return tokenSet(tokens);
  });
}

/**
 * New tokens for old ones.
 * @throws GrantEndedError when somebody has to connect again; OAuthFailure for anything that may pass
 */
export async function renewTokens(
  client: OAuthClient,
  old: { accessToken: string; refreshToken: string | null; scopes: readonly string[] },
  http: PreparingClient,
): Promise<TokenSet> {
  const { server, provider } = client;
  const id = { client_id: client.clientId };
  const options = optionsFor(http, client);
  if (client.grant === "client_credentials") return requestOwnTokens(client, old.scopes, http);
  return told(async () => {
    if (provider.refresh === "exchange") {
      const answer = await oauth.genericTokenEndpointRequest(
        server,
        id,
        authOf(client),
        "fb_exchange_token",
        { fb_exchange_token: old.accessToken },
        options,
      );
      return tokenSet(await oauth.processGenericTokenEndpointResponse(server, id, answer));
    }
    if (!old.refreshToken) throw new GrantEndedError(`${provider.name} gave no refresh token`);
    const answer = await oauth.refreshTokenGrantRequest(server, id, authOf(client), old.refreshToken, options);
    return tokenSet(await oauth.processRefreshTokenResponse(server, id, answer));
  });
}

/** Tokens of the organization's own, without a person. */
export function requestOwnTokens(client: OAuthClient, scopes: readonly string[], http: PreparingClient): Promise<TokenSet> {
  const { server, provider } = client;
  const id = { client_id: client.clientId };
  const parameters = { ...provider.parameters, ...(scopes.length > 0 && { scope: scopes.join(provider.scopeSeparator) }) };
  return told(async () => {
    const answer = await oauth.clientCredentialsGrantRequest(server, id, authOf(client), parameters, optionsFor(http, client));
    return tokenSet(await oauth.processClientCredentialsResponse(server, id, answer));
  });
}

/** Takes the tokens back at the provider. Resolves to false where it has no way to. @throws OAuthFailure */
export async function revokeTokens(
  client: OAuthClient,
  tokens: { accessToken: string; refreshToken: string | null },
  http: PreparingClient,
): Promise<boolean> {
  const { provider, server } = client;
  const endpoint = provider.revocationEndpoint ?? server.revocation_endpoint;
  if (provider.revoke === "none" || !endpoint) return false;
  const send = async (request: { method: string; url: string; headers?: Record<string, string>; body?: string }) => {
    const { status } = await http.request({ ...request, timeoutMs: TIMEOUT_MS, followRedirects: false });
    // What is not there any more is revoked.
    if (status >= 300 && status !== 404 && status !== 422) throw new OAuthFailure(`${provider.name} answered ${status} to the revocation`);
    return true;
  };
  const bearer = { authorization: `Bearer ${tokens.accessToken}` };
  if (provider.revoke === "github") {
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret ?? ""}`).toString("base64");
    return send({
      method: "DELETE",
      url: `${endpoint}/applications/${encodeURIComponent(client.clientId)}/token`,
      headers: { authorization: `Basic ${basic}`, accept: "application/vnd.github+json", "content-type": "application/json" },
      body: JSON.stringify({ access_token: tokens.accessToken }),
    });
  }
  if (provider.revoke === "slack") return send({ method: "POST", url: endpoint, headers: bearer });
  if (provider.revoke === "facebook") return send({ method: "DELETE", url: `${endpoint}/me/permissions`, headers: bearer });
  const id = { client_id: client.clientId };
  // With the refresh token goes all that was made from it.
  const answer = await told(() =>
    oauth.revocationRequest(
      { ...server, revocation_endpoint: endpoint },
      id,
      authOf(client),
      tokens.refreshToken ?? tokens.accessToken,
      optionsFor(http, client),
    ),
  );
  await told(() => oauth.processRevocationResponse(answer));
  return true;
}

function tokenSet(answer: oauth.TokenEndpointResponse): TokenSet {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAt: answer.expires_in === undefined ? null : new Date(Date.now() + answer.expires_in * 1000),
    scopes: answer.scope === undefined ? null : answer.scope.split(/[\s,]+/).filter((scope) => scope !== ""),
  };
}

async function told<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof GrantEndedError || error instanceof OAuthFailure) throw error;
    const code = codeOf(error);
    if (code === "invalid_grant") throw new GrantEndedError(reasonOf(error), { cause: error });
    throw new OAuthFailure(reasonOf(error), { cause: error });
  }
}

const codeOf = (error: unknown): unknown => (error as { error?: unknown } | null)?.error;

/** In words, without what a provider's answer may quote of the request. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (typeof code === "string") {
    const description = (error as { error_description?: unknown }).error_description;
    return typeof description === "string" ? `${code}: ${description.slice(0, 300)}` : code;
  }
  return error instanceof Error ? error.message.slice(0, 300) : "the provider's answer cannot be read";
}
