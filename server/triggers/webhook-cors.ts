import type { IncomingCall } from "../http/incoming-call";
import type { WebhookSettings } from "./webhook-registry";

type Allowed = Pick<WebhookSettings, "allowedOrigins" | "methods">;

/** Browsers ask again after so many seconds. */
const PREFLIGHT_SECONDS = 600;

/** The origin to allow, `*` for any; null when this one is not listed. */
function allowedOrigin({ allowedOrigins }: Allowed, origin: string): string | null {
  const listed = allowedOrigins.split(",").map((each) => each.trim().replace(/\/$/, "").toLowerCase());
  if (listed.includes("*")) return "*";
  return listed.includes(origin.toLowerCase()) ? origin : null;
}

/** Whether a page that is not listed calls. Who sends no origin is no page. */
export function isForeignPage(request: IncomingCall, settings: Allowed): boolean {
  if (settings.allowedOrigins === "") return false;
  const origin = request.headers.get("origin");
  return origin !== null && allowedOrigin(settings, origin) === null;
}

/** Lets the calling page read the answer, where the webhook allows it. */
export function withCors(answer: Response, request: IncomingCall, settings: Allowed): Response {
  if (settings.allowedOrigins === "") return answer;
  const origin = request.headers.get("origin");
  const allowed = origin === null ? null : allowedOrigin(settings, origin);
  answer.headers.append("vary", "Origin");
  if (allowed === null) return answer;
  answer.headers.set("access-control-allow-origin", allowed);
  answer.headers.set("access-control-expose-headers", "*");
  if (request.method === "OPTIONS") {
    answer.headers.set("access-control-allow-methods", settings.methods.join(", "));
    const wanted = request.headers.get("access-control-request-headers");
    if (wanted && /^[\w!#$%&'*+.^`|~, -]{1,2000}$/.test(wanted)) answer.headers.set("access-control-allow-headers", wanted);
    answer.headers.set("access-control-max-age", String(PREFLIGHT_SECONDS));
  }
  return answer;
}
