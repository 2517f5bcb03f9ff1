import type { inferRouterOutputs } from "@trpc/server";
import type { CredentialType } from "@/flow/credentials/types";
import type { AppRouter } from "@/server/trpc/router";

export type Credential = inferRouterOutputs<AppRouter>["credentials"]["list"]["credentials"][number];
export type OAuthProvider = inferRouterOutputs<AppRouter>["oauth"]["providers"]["providers"][number];

export const TYPE_LABELS: Record<CredentialType, string> = {
  oauth2: "OAuth account",
  api_key: "API key",
  basic_auth: "User and password",
  bearer: "Bearer token",
  custom: "Custom",
};

export const TYPE_HINTS: Record<CredentialType, string> = {
  oauth2: "Sign in at the service and give access. Tokens are refreshed by themselves.",
  api_key: "A key in a header or in the query.",
  basic_auth: "HTTP basic authentication.",
  bearer: "A token in the Authorization header.",
  custom: "Any values, sent as headers or used by nodes such as databases.",
};

/** Whether there is something to try it by. Of others one can only tell that their values are kept. */
export const isTriable = ({ type, toolKey, settings }: Pick<Credential, "type" | "toolKey" | "settings">): boolean =>
  type === "oauth2" || toolKey !== null || settings.kind !== undefined || settings.test !== undefined;

/** Hosts as people write them: one a line, or separated by commas. */
export const hostsOf = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((host) => host.trim())
    .filter((host) => host !== "");
