import { appUrl } from "./settings";

/**
 * Whether a request that carries a session may change something: not when a page of another site made the browser send it.
 * Browsers name the page's origin on every such request; programs send none, and hold no one's cookies by accident.
 */
export function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) {
    const site = request.headers.get("sec-fetch-site");
    return site === null || site === "same-origin" || site === "none";
  }
  if (origin === appUrl().origin) return true;
  // The page was loaded by another name of this machine, such as 127.0.0.1. A foreign page's browser names a foreign origin.
  return URL.canParse(origin) && new URL(origin).host === request.headers.get("host");
}
