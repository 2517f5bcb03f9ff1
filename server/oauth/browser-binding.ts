import { createHash, randomBytes } from "node:crypto";
import { type Cookies, isSecure } from "../auth/cookies";

/**
 * What ties the connecting of an account to the browser that began it: a cookie that no script reads and no other site's page has
 * sent along. Its hash is kept with the state. Without it the address at which somebody else's account is connected could be
 * opened in a signed-in person's browser, whose flows would then write into that account.
 */
export const newBrowserBinding = (): string => randomBytes(32).toString("base64url");

export const browserHash = (binding: string): string => createHash("sha256").update(`browser:${binding}`).digest("hex");

const SECONDS = 600;

/** One for each state: several accounts may be connected at the same time. The name tells nothing of the state. */
const cookieName = (state: string): string =>
  `${isSecure() ? "__Host-" : ""}tolstoy.oauth.${createHash("sha256").update(`cookie:${state}`).digest("hex").slice(0, 16)}`;

const cookie = (state: string, value: string, seconds: number): string =>
  `${cookieName(state)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`;

/** `Set-Cookie` value for the browser that begins. */
export const bindingCookie = (state: string, binding: string): string => cookie(state, binding, SECONDS);

/** `Set-Cookie` value once the state has been brought back, whatever came of it. */
export const clearedBindingCookie = (state: string): string => cookie(state, "", 0);

/** What the browser that brings a state back was given with it; null for any other. */
export const bindingOf = (cookies: Cookies, state: string): string | null => cookies[cookieName(state)] || null;
