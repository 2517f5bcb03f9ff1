import { appUrl } from "./settings";

/** Plain HTTP is for the own machine only; everywhere else cookies are Secure and bound to the host. */
export const isSecure = (): boolean => appUrl().protocol === "https:";

const prefix = (): string => (isSecure() ? "__Host-" : "");

export const sessionCookieName = (): string => `${prefix()}tolstoy.session`;

/** Which organization a person is working in. No secret: membership is checked on every request. */
export const organizationCookieName = (): string => `${prefix()}tolstoy.organization`;

/** `Set-Cookie` value that remembers the organization. */
export const organizationCookie = (organizationId: string): string =>
  `${organizationCookieName()}=${encodeURIComponent(organizationId)}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`;

export type Cookies = Readonly<Record<string, string>>;

/** The cookies of a `Cookie` header. What is malformed is left out. */
export function parseCookies(header: string | null): Cookies {
  const cookies: Record<string, string> = Object.create(null);
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    const name = pair.slice(0, at).trim();
    try {
      cookies[name] ??= decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      // Not percent-encoded: no cookie of ours.
    }
  }
  return cookies;
}
