import type { AuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { db } from "../db";
import { logger } from "../logger";
import { authenticate } from "../services/accounts/authenticate";
import { signInWithProvider } from "../services/accounts/sign-in-with-provider";
import { isServiceError } from "../services/to-service-error";
import { clientAddress } from "./client-address";
import { isSecure, sessionCookieName } from "./cookies";
import { emailIsVerified, oauthProviders } from "./oauth-providers";
import { returnUrl } from "./return-url";
import { authSecret } from "./settings";

const SESSION_SECONDS = 30 * 24 * 60 * 60;

const credentials = () =>
  Credentials({
    credentials: { email: { type: "email" }, password: { type: "password" } },
    async authorize(given, request) {
      try {
        const user = await authenticate({ address: clientAddress(new Headers(request.headers)), input: given });
        return user && { id: user.id };
      } catch (error) {
        if (isServiceError(error)) throw new Error(error.code);
        logger.error({ err: error }, "a sign-in failed");
        throw new Error("internal");
      }
    },
  });

/** What NextAuth does here: it proves who someone is and hands out a token. What they may do is looked up on every request. */
export const authOptions = (): AuthOptions => ({
  secret: authSecret(),
  providers: [credentials(), ...oauthProviders()],
  session: { strategy: "jwt", maxAge: SESSION_SECONDS },
  pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
  useSecureCookies: isSecure(),
  cookies: { sessionToken: { name: sessionCookieName(), options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure() } } },
  callbacks: {
    redirect: ({ url, baseUrl }) => returnUrl(url, baseUrl),
    async signIn({ account, user, profile }) {
      if (!account || account.provider === "credentials") return true;
      const result = await signInWithProvider({
        provider: account.provider,
        providerAccountId: account.providerAccountId,
        email: user.email ?? null,
        emailVerified: emailIsVerified(profile),
        name: user.name ?? null,
        image: user.image ?? null,
      });
      return result.ok || `/sign-in?error=${result.reason}`;
    },
    async jwt({ token, account }) {
      if (!account) return token;
      const found =
        account.provider === "credentials"
          ? await db().user.findUnique({ where: { id: account.providerAccountId } })
          : await db().user.findFirst({
              where: { accounts: { some: { provider: account.provider, providerAccountId: account.providerAccountId } } },
            });
      if (!found) throw new Error("The user was removed while signing in");
      return { sub: found.id, validFrom: found.sessionsValidFrom.getTime() };
    },
    // Pages read the session on the server; this endpoint has nothing to add.
    session: ({ session }) => ({ expires: session.expires }),
  },
  logger: {
    error: (code, metadata) => logger.error({ code, reason: metadata instanceof Error ? metadata.message : undefined }, "sign-in"),
    warn: (code) => logger.debug({ code }, "sign-in"),
    debug: () => {},
  },
});
