import type { AuthOptions } from "next-auth";
import GitHub from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import { z } from "zod";
import { env } from "../env";

const githubEmailsSchema = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** The address of a GitHub account that GitHub has verified: the primary one, else any; null when there is none. */
export function verifiedGitHubEmail(answer: unknown): string | null {
  const emails = githubEmailsSchema.safeParse(answer);
  if (!emails.success) return null;
  const verified = emails.data.filter((each) => each.verified);
  return (verified.find((each) => each.primary) ?? verified[0])?.email ?? null;
}

/** Whether the provider says, in the profile that it signed or answered, that the address is checked. */
export const emailIsVerified = (profile: unknown): boolean =>
  typeof profile === "object" && profile !== null && "email_verified" in profile && profile.email_verified === true;

/** GitHub's profile names an address that anyone may have typed there; only the list of addresses says which are verified. */
const github = (clientId: string, clientSecret: string) =>
  GitHub({
    clientId,
    clientSecret,
    userinfo: {
      url: "https://api.github.com/user",
      async request({ client, tokens }) {
        const token = tokens.access_token ?? "";
        const profile = await client.userinfo(token);
        const answer = await fetch("https://api.github.com/user/emails", {
          headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
          signal: AbortSignal.timeout(10_000),
        });
        const email = answer.ok ? verifiedGitHubEmail(await answer.json()) : null;
        return { ...profile, email: email ?? undefined, email_verified: email !== null };
      },
    },
  });

/** Providers that this installation is configured for. */
export function oauthProviders(): AuthOptions["providers"] {
  const { GITHUB_ID, GITHUB_SECRET, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = env();
  return [
    ...(GITHUB_ID && GITHUB_SECRET ? [github(GITHUB_ID, GITHUB_SECRET)] : []),
    ...(GOOGLE_CLIENT_ID && GOOGLE_CLIENT_SECRET ? [Google({ clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET })] : []),
  ];
}
