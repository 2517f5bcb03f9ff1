import { type NextRequest, NextResponse } from "next/server";

/** Where live events come from when they come over Ably: its own hosts, or the one that a deployment names. */
function liveOrigins(): string[] {
  const { ABLY_API_KEY, ABLY_ENDPOINT, ABLY_PORT, ABLY_TLS } = process.env;
  if (!ABLY_API_KEY) return [];
  // A routing policy's name ("main", "eu") is among Ably's own hosts.
  const named = ABLY_ENDPOINT && /[.:]|^localhost$/.test(ABLY_ENDPOINT) ? ABLY_ENDPOINT : null;
  const hosts = named === null ? ["*.ably.io", "*.ably.net", "*.ably-realtime.com"] : [ABLY_PORT ? `${named}:${ABLY_PORT}` : named];
  const schemes = /^(false|0|no|off)$/i.test(ABLY_TLS ?? "") ? ["http", "ws"] : ["https", "wss"];
  return hosts.flatMap((host) => schemes.map((scheme) => `${scheme}://${host}`));
}

function contentSecurityPolicy(nonce: string, secure: boolean): string {
  const development = process.env.NODE_ENV === "development";
  return [
    "default-src 'self'",
    // React's development build evaluates strings to rebuild stack traces.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // The canvas and the code editor set inline styles as they work; a style cannot run script.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data: https://avatars.githubusercontent.com https://lh3.googleusercontent.com",
    "font-src 'self'",
    ["connect-src 'self'", ...liveOrigins()].join(" "),
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(secure ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

/** Gives each page a script nonce. Next.js reads it from the request's policy and puts it on every script of its own. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, request.nextUrl.protocol === "https:");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Where to come back to after signing in.
  headers.set("x-pathname", `${request.nextUrl.pathname}${request.nextUrl.search}`);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

// Pages only: API routes answer data, and webhooks must not pay for a step that they don't need. Files are named one by one: an
// address that merely ends like one (`/flows/x.png`) is a page all the same.
export const config = {
  matcher: ["/((?!api/|form/|chat/|_next/static/|_next/image|samples/[^/]+$|(?:icon\\.svg|favicon\\.ico|apple-touch-icon\\.png)$).*)"],
};
