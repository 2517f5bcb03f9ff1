import { type NextRequest, NextResponse } from "next/server";

/** Ably's own endpoints, and the one that a deployment names (a stand-in, or a dedicated cluster). */
function liveOrigins(): string {
  const endpoint = process.env.NEXT_PUBLIC_ABLY_ENDPOINT ?? process.env.ABLY_ENDPOINT;
  const own = endpoint ? ` ws://${endpoint}:* wss://${endpoint}:* http://${endpoint}:* https://${endpoint}:*` : "";
  return `https://*.ably.io wss://*.ably.io https://*.ably.net wss://*.ably.net https://*.ably-realtime.com wss://*.ably-realtime.com${own}`;
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
    `connect-src 'self' ${liveOrigins()}`,
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
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

// Pages only: API routes answer data, and webhooks must not pay for a step that they don't need.
export const config = { matcher: ["/((?!api/|_next/static|_next/image|samples/|.*\\.(?:svg|png|ico|json|webmanifest)$).*)"] };
