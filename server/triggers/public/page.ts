import { createHash, timingSafeEqual } from "node:crypto";
import { clientAddress } from "../../auth/client-address";
import { checkGuess } from "../../auth/guess-limit";
import { logger } from "../../logger";
import { openTriggerSecret } from "../trigger-secret";
import type { PublicTrigger } from "./find";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML, for content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

/** Lines of a text as paragraphs of it. */
export const paragraphs = (text: string): string =>
  text
    .split(/\n+/)
    .filter((line) => line.trim() !== "")
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join("");

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif;--line:color-mix(in srgb,currentColor 25%,transparent);
--accent:light-dark(oklch(0.505 0.215 277),oklch(0.55 0.2 278));--accent-text:light-dark(oklch(0.47 0.2 277),oklch(0.79 0.11 281));--wrong:light-dark(#c81e1e,#f87171)}
a{color:var(--accent-text)}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:start center;padding:6vh 1rem}
main{width:min(36rem,100%);overflow-wrap:anywhere}h1{font-size:1.35rem;margin:0 0 .5rem}p{margin:.25rem 0 .75rem}
form{display:grid;gap:1.1rem;margin-top:1.25rem}label,legend{font-weight:600;display:block;padding:0;margin-bottom:.3rem}
fieldset{border:0;padding:0;margin:0}fieldset label{font-weight:400;display:flex;gap:.5rem;align-items:baseline}
input:not([type=checkbox],[type=radio]),textarea,select{font:inherit;width:100%;padding:.5rem .6rem;border:1px solid var(--line);border-radius:.4rem;background:transparent;color:inherit}
select option{color:CanvasText;background:Canvas}button{font:inherit;font-weight:600;justify-self:start;flex:none;white-space:nowrap;padding:.5rem 1.2rem;border:0;border-radius:.4rem;cursor:pointer;background:var(--accent);color:#fff}
:focus-visible{outline:2px solid var(--accent-text);outline-offset:2px}.error{color:var(--wrong);font-size:.9rem;margin:.3rem 0 0}.note{font-size:.85rem;opacity:.75}`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-robots-tag": "noindex",
};

/** What a page may load: nothing, but for its own style and, with a nonce, its own script. */
const policyOf = (nonce: string | null): string =>
  [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    nonce === null ? "" : `script-src 'nonce-${nonce}'; connect-src 'self'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ]
    .filter((part) => part !== "")
    .join("; ");

export interface Page {
  title: string;
  /** HTML. */
  content: string;
  status?: number;
  /** HTML of the head. */
  head?: string;
  style?: string;
  nonce?: string;
  /** What the page shows, for its script. */
  state?: string;
  headers?: Record<string, string>;
}

/** A page for people who are not signed in. It works without scripts unless it brings one. */
export function answerPage({ title, content, status = 200, head = "", style = "", nonce, state, headers = {} }: Page): Response {
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}${style}</style>${head}</head><body><main${state === undefined ? "" : ` data-state="${escapeHtml(state)}"`}>${content}</main></body></html>`;
  return new Response(html, { status, headers: { ...HEADERS, "content-security-policy": policyOf(nonce ?? null), ...headers } });
}

export const answerNotice = (status: number, title: string, text: string, headers: Record<string, string> = {}): Response =>
  answerPage({
    title,
    status,
    headers,
    content: `<h1>${escapeHtml(title)}</h1>${paragraphs(text)}`,
    // There is nothing to do on such a page: its words stand in the middle.
    style: status >= 400 ? "body{place-items:center}main{text-align:center}" : "",
  });

/** The same for an address that never was one, and for one whose flow is off or deleted. */
export const answerAbsent = (): Response =>
  answerNotice(404, "Nothing here", "This page does not exist, or it is switched off. Ask whoever gave you the link.");

const isSame = (given: string, expected: string): boolean => {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
};

interface Guarded {
  authentication: "none" | "basic";
  username: string;
}

/** What whoever may not open the page is answered; null for those who may. */
export function refuseStranger(request: Request, page: PublicTrigger<Guarded>): Response | null {
  if (page.settings.authentication === "none") return null;
  let secret: string | null = null;
  try {
    secret = page.secret === null ? null : openTriggerSecret(page.secret, page);
  } catch (error) {
    logger.error({ err: error, triggerId: page.triggerId }, "the password of a page cannot be read");
  }
  const [, encoded] = /^Basic +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (secret !== null && encoded !== undefined) {
    const given = Buffer.from(encoded, "base64").toString("utf8");
    const proof = checkGuess(`${page.triggerId} ${clientAddress(request.headers)}`, () =>
      isSame(given, `${page.settings.username}:${secret}`),
    );
    if (proof.right) return null;
    if (proof.wait !== undefined)
      return answerNotice(429, "Too many tries", "Try again in a few minutes.", { "retry-after": String(proof.wait) });
  }
  const why = secret === null ? "Its password has not been set yet." : "This page asks for a user and a password.";
  return answerNotice(401, "Sign in", why, { "www-authenticate": 'Basic realm="Page", charset="UTF-8"' });
}
