import { env } from "@/server/env";
import { inngest } from "./client";
import { functions } from "./functions";

/** Path of the endpoint that Inngest calls. */
export const ENDPOINT = "/api/inngest";

/**
 * How the functions are served. Where Inngest reaches us is a setting and never taken from a request: its `Host` is the
 * caller's to choose, and Inngest would from then on call whoever it names. For the same reason only a signed request may
 * have the functions registered, where there is a key to sign with.
 */
export function serveOptions(origin?: string) {
  return {
    client: inngest,
    functions,
    servePath: ENDPOINT,
    serveOrigin: origin ?? env().INNGEST_SERVE_ORIGIN ?? env().APP_URL ?? `http://127.0.0.1:${env().PORT}`,
    enableUnauthedSync: false,
  };
}
