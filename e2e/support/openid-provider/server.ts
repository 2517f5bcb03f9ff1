import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export interface OpenIdProviderOptions {
  redirectUris: string[];
  /** Seconds for which access tokens are valid. */
  accessTokenSeconds?: number;
  /** A person presses "Allow" on a page; otherwise everything is allowed at once. */
  interactive?: boolean;
}

export interface OpenIdProvider {
  issuer: string;
  /** `host:port`, for allowlists. */
  host: string;
  clientId: string;
  clientSecret: string;
  /** What the provider was asked for so far. */
  counts: { refreshed: number; refusedGrants: number; revoked: number; apiCalls: number };
  /** Every token that it gave out. */
  tokens: Set<string>;
  /** Takes every grant back: no refresh token counts any more. */
  withdraw(): void;
  close(): Promise<void>;
}

const CLIENT_ID = "tolstoy";
const CLIENT_SECRET = "the client secret of this provider";

/**
 * A real OpenID provider on this machine, with refresh tokens that change at each use and whose reuse ends the grant. Beside it
 * an API: `/api/me` wants a token, and `/api/echo` says back whatever it was sent.
 */
export async function startOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const counts = { refreshed: 0, refusedGrants: 0, revoked: 0, apiCalls: 0 };
  const tokens = new Set<string>();
  let withdrawn = false;
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `http://${host}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: options.redirectUris,
        grant_types: ["authorization_code", "refresh_token", "client_credentials"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    scopes: ["openid", "offline_access", "api"],
    ttl: {
      AccessToken: options.accessTokenSeconds ?? 3600,
      ClientCredentials: 3600,
      RefreshToken: 3600,
      Grant: 3600,
      Session: 3600,
      Interaction: 600,
    },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, clientCredentials: { enabled: true } },
    findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["a key for tests"] },
  });
  provider.on("grant.success", (ctx) => {
    if (ctx.oidc.params?.grant_type === "refresh_token") counts.refreshed++;
    const body = ctx.body as { access_token?: string; refresh_token?: string };
    for (const token of [body.access_token, body.refresh_token]) if (token) tokens.add(token);
  });
  provider.on("grant.error", () => void counts.refusedGrants++);
  provider.on("grant.revoked", () => void counts.revoked++);
  const callback = provider.callback();

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (options.interactive && request.method === "GET") {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><title>Provider</title><form method="post"><h1>Give Tolstoy access?</h1><button>Allow</button></form>');
      return;
    }
    const details = await provider.interactionDetails(request, response);
    if (details.prompt.name === "login") {
      return provider.interactionFinished(request, response, { login: { accountId: "ada" } }, { mergeWithLastSubmission: false });
    }
    const grant =
      (details.grantId ? await provider.Grant.find(details.grantId) : undefined) ??
      new provider.Grant({ accountId: details.session?.accountId ?? "ada", clientId: CLIENT_ID });
    grant.addOIDCScope(String(details.params.scope ?? "openid"));
    const grantId = await grant.save();
    return provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true });
  }

  async function api(request: IncomingMessage, response: ServerResponse): Promise<void> {
    counts.apiCalls++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", issuer);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/api/echo") {
      const status = Number(url.searchParams.get("status") ?? 200);
      const said = { url: url.href, headers: request.headers, body: Buffer.concat(chunks).toString() };
      return answer(status, { ...said, message: `You sent ${JSON.stringify(said)}` });
    }
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
    if (!found || found.isExpired) return answer(401, { error: "invalid_token" });
    return answer(200, { who: "accountId" in found ? found.accountId : CLIENT_ID, hello: "from the API" });
  }

  server.on("request", (request, response) => {
    const { pathname } = new URL(request.url ?? "/", issuer);
    const failed = (error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    };
    if (pathname.startsWith("/interaction/")) return void interact(request, response).catch(failed);
    if (pathname.startsWith("/api/")) return void api(request, response).catch(failed);
    if (withdrawn && pathname === "/token") {
      counts.refusedGrants++;
      response.writeHead(400, { "content-type": "application/json" });
      return void response.end('{"error":"invalid_grant","error_description":"grant request is invalid"}');
    }
    void callback(request, response);
  });
  return {
    issuer,
    host,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    counts,
    tokens,
    withdraw: () => {
      withdrawn = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A browser without a browser: follows redirects, with cookies, until one leads to `stop`. */
export async function followUntil(start: string, stop: string): Promise<URL> {
  const jar = new Map<string, string>();
  let url = start;
  for (let hops = 0; hops < 12; hops++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    const location = response.headers.get("location");
    if (!location) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    url = new URL(location, url).href;
    if (url.startsWith(stop)) return new URL(url);
  }
  throw new Error("The redirects do not end");
}
