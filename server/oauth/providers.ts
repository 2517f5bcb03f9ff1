/** What is particular about a provider. Everything else is OAuth 2. */
export interface OAuthProvider {
  key: string;
  name: string;
  /** Checked against `iss` of the answer, where the provider sends one. */
  issuer?: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  revocationEndpoint?: string;
  /** Hosts that its tokens may be sent to. */
  hosts: string[];
  scopes: string[];
  scopeSeparator: " " | ",";
  pkce: boolean;
  /** How the client proves itself at the token endpoint. */
  clientAuth: "basic" | "body";
  /** Added to the authorization URL. */
  parameters: Record<string, string>;
  /** `exchange`: no refresh tokens; the access token itself is exchanged for a longer-lived one. */
  refresh: "token" | "exchange";
  /** How tokens are taken back. */
  revoke: "standard" | "github" | "slack" | "facebook" | "none";
  /** Puts an answer of the token endpoint into the form that the standard has. */
  normalise?: (body: Record<string, unknown>) => { status: number; body: Record<string, unknown> };
}

const base = {
  scopes: [],
  scopeSeparator: " ",
  pkce: true,
  clientAuth: "basic",
  parameters: {},
  refresh: "token",
  revoke: "standard",
} satisfies Partial<OAuthProvider>;

const NO_LONGER_VALID = /refresh|code|grant|revoked|expired|inactive/;

/** GitHub answers errors with 200, and scopes separated by commas. */
function fromGithub(body: Record<string, unknown>): { status: number; body: Record<string, unknown> } {
  if (typeof body.error === "string") {
    return { status: 400, body: { ...body, error: NO_LONGER_VALID.test(body.error) ? "invalid_grant" : body.error } };
  }
  return { status: 200, body: { ...body, ...(typeof body.scope === "string" && { scope: body.scope.replaceAll(",", " ") }) } };
}

/** Slack answers errors with 200, and has a user's token one level below. */
function fromSlack(body: Record<string, unknown>): { status: number; body: Record<string, unknown> } {
  if (body.ok !== true) {
    const reason = String(body.error ?? "unknown_error");
    return { status: 400, body: { error: NO_LONGER_VALID.test(reason) ? "invalid_grant" : "invalid_request", error_description: reason } };
  }
  const user = body.authed_user as Record<string, unknown> | undefined;
  const holder = body.access_token === undefined && user ? user : body;
  const { access_token, refresh_token, expires_in, scope } = holder;
  return {
    status: 200,
    body: {
      access_token,
      ...(refresh_token !== undefined && { refresh_token }),
      ...(expires_in !== undefined && { expires_in }),
      ...(typeof scope === "string" && { scope: scope.replaceAll(",", " ") }),
      token_type: "bearer",
    },
  };
}

export const OAUTH_PROVIDERS: Record<string, OAuthProvider> = {
  github: {
    ...base,
    key: "github",
    name: "GitHub",
    authorizationEndpoint: "https://github.com/login/oauth/authorize",
    tokenEndpoint: "https://github.com/login/oauth/access_token",
    hosts: ["api.github.com", "uploads.github.com"],
    scopes: ["repo", "read:user"],
    clientAuth: "body",
    revoke: "github",
    revocationEndpoint: "https://api.github.com",
    normalise: fromGithub,
  },
  google: {
    ...base,
    key: "google",
    name: "Google",
    issuer: "https://accounts.google.com",
    authorizationEndpoint: "https://accounts.google.com/o/oauth2/v2/auth",
    tokenEndpoint: "https://oauth2.googleapis.com/token",
    revocationEndpoint: "https://oauth2.googleapis.com/revoke",
    hosts: ["*.googleapis.com"],
    scopes: ["https://www.googleapis.com/auth/userinfo.email"],
    clientAuth: "body",
    // Without both there is no refresh token.
    parameters: { access_type: "offline", prompt: "consent", include_granted_scopes: "true" },
  },
  microsoft: {
    ...base,
    key: "microsoft",
    name: "Microsoft",
    authorizationEndpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    tokenEndpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    hosts: ["graph.microsoft.com"],
    scopes: ["offline_access", "User.Read"],
    clientAuth: "body",
    revoke: "none",
  },
  slack: {
    ...base,
    key: "slack",
    name: "Slack",
    authorizationEndpoint: "https://slack.com/oauth/v2/authorize",
    tokenEndpoint: "https://slack.com/api/oauth.v2.access",
    revocationEndpoint: "https://slack.com/api/auth.revoke",
    hosts: ["slack.com", "files.slack.com"],
    scopes: ["chat:write", "channels:read"],
    scopeSeparator: ",",
    pkce: false,
    clientAuth: "body",
    revoke: "slack",
    normalise: fromSlack,
  },
  discord: {
    ...base,
    key: "discord",
    name: "Discord",
    issuer: "https://discord.com",
    authorizationEndpoint: "https://discord.com/oauth2/authorize",
    tokenEndpoint: "https://discord.com/api/oauth2/token",
    revocationEndpoint: "https://discord.com/api/oauth2/token/revoke",
    hosts: ["discord.com"],
    scopes: ["identify"],
  },
  linkedin: {
    ...base,
    key: "linkedin",
    name: "LinkedIn",
    authorizationEndpoint: "https://www.linkedin.com/oauth/v2/authorization",
    tokenEndpoint: "https://www.linkedin.com/oauth/v2/accessToken",
    hosts: ["api.linkedin.com"],
    scopes: ["openid", "profile"],
    pkce: false,
    clientAuth: "body",
    revoke: "none",
  },
  facebook: {
    ...base,
    key: "facebook",
    name: "Facebook",
    authorizationEndpoint: "https://www.facebook.com/v23.0/dialog/oauth",
    tokenEndpoint: "https://graph.facebook.com/v23.0/oauth/access_token",
    revocationEndpoint: "https://graph.facebook.com/v23.0",
    hosts: ["graph.facebook.com"],
    scopes: ["pages_show_list"],
    scopeSeparator: ",",
    pkce: false,
    clientAuth: "body",
    refresh: "exchange",
    revoke: "facebook",
  },
  /** Any other: its endpoints are the configuration's to say, or its issuer's to publish. */
  oauth2: { ...base, key: "oauth2", name: "OAuth 2", authorizationEndpoint: "", tokenEndpoint: "", hosts: [] },
};

export const isProvider = (key: string): boolean => Object.hasOwn(OAUTH_PROVIDERS, key);
