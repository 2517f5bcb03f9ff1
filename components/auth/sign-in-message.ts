/** NextAuth's codes, and those of our own sign-in, in words. */
const MESSAGES: Record<string, string> = {
  CredentialsSignin: "E-mail or password is wrong. Check both and try again.",
  rate_limited: "Too many attempts. Wait a few minutes, then try again.",
  unreachable: "The server did not answer. Check your connection and that the server is running, then try again.",
  OAuthAccountNotLinked: "This e-mail already belongs to an account. Sign in the way you did before.",
  EmailNotVerified: "The provider has not verified your e-mail address. Verify it there, then try again.",
  OAuthSignin: "The provider could not be reached. Try again, or sign in with e-mail and password.",
  OAuthCallback: "The provider refused the sign-in. Try again, or sign in with e-mail and password.",
  OAuthCreateAccount: "The account could not be created. Try again.",
  AccessDenied: "Access was denied.",
  SessionRequired: "Sign in to see this page.",
  unavailable: "Signing in is not possible at this moment. Try again shortly.",
  internal: "Something failed on our side. Try again shortly.",
  provider: "The provider could not be reached. Try again, or sign in with e-mail and password.",
};

export function signInMessage(code: string): string {
  return MESSAGES[code] ?? "Signing in did not work. Try again.";
}
