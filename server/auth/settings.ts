import { EnvironmentError, env } from "../env";
import { secretWeakness } from "./secret-weakness";

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
  const { NEXTAUTH_SECRET, NODE_ENV } = env();
  if (!NEXTAUTH_SECRET) throw new EnvironmentError("NEXTAUTH_SECRET is not set.");
  // The command line says so at the start; a deployment may start the framework without it.
  const weakness = NODE_ENV === "production" ? secretWeakness(NEXTAUTH_SECRET) : null;
  if (weakness) throw new EnvironmentError(`NEXTAUTH_SECRET ${weakness}.`);
  return NEXTAUTH_SECRET;
}
