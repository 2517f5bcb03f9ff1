import { EnvironmentError, env } from "../env";

/** What the app is reached at from outside. Never taken from a request: its `Host` header is the sender's to choose. */
export function appUrl(): URL {
  const { NEXTAUTH_URL, APP_URL, PORT } = env();
  return new URL(NEXTAUTH_URL ?? APP_URL ?? `http://localhost:${PORT}`);
}

/**
 * Key of session tokens and resume links.
 * @throws EnvironmentError when there is none: nothing may be signed with a key that anyone could guess.
 */
export function authSecret(): string {
  const { NEXTAUTH_SECRET } = env();
  if (!NEXTAUTH_SECRET) throw new EnvironmentError("NEXTAUTH_SECRET is not set.");
  return NEXTAUTH_SECRET;
}
