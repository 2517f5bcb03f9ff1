import { logger } from "@/server/logger";
import { inngest } from "./client";
import { emptySignature } from "./keys";
import { ENDPOINT } from "./serve-options";

const PATIENCE_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;

/** Whether the Inngest server answers at all. What it says of its own runs lags; this does not. */
export async function inngestReachable(): Promise<boolean> {
  try {
    const response = await fetch(new URL("/health", inngest.eventBaseUrl), { signal: AbortSignal.timeout(3000) });
    // Inngest Cloud has no health page; that it answers is what we ask.
    return response.status < 500;
  } catch {
    return false;
  }
}

/** Asks our own endpoint to register its functions with Inngest once. @throws when it could not. */
async function registerOnce(origin: string): Promise<void> {
  const { signingKey } = inngest;
  const response = await fetch(new URL(ENDPOINT, origin), {
    method: "PUT",
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: signingKey === undefined ? {} : { "x-inngest-signature": emptySignature(signingKey) },
  });
  if (response.ok) return;
  const { message } = (await response.json().catch(() => ({}))) as { message?: string };
  throw new Error(message ?? `the endpoint answered ${response.status}`);
}

/**
 * Registers the functions with Inngest, again and again until it has worked, with growing pauses: the app may start before
 * Inngest does. `origin` is where this app reaches itself, e.g. `http://127.0.0.1:3000`; where Inngest reaches it, see
 * `serveOptions`.
 */
export async function registerInngest({ origin, signal }: { origin: string; signal?: AbortSignal }): Promise<void> {
  for (let pause = 500; !signal?.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await registerOnce(origin);
      logger.info({ server: inngest.apiBaseUrl }, "registered with Inngest");
      return;
    } catch (error) {
      logger.warn({ server: inngest.apiBaseUrl, reason: (error as Error).message }, "not registered with Inngest yet");
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      const stop = () => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener("abort", stop, { once: true });
    });
  }
}
