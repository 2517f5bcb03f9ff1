import { env } from "@/server/env";
import { type ClosableHttpClient, createHttpClient } from "@/server/http/guarded-client";

// The framework bundles entry points apart: one client for them all.
const holder = globalThis as unknown as { tolstoyWebhookHttp?: ClosableHttpClient };

/** What messages leave through: it reaches no private address that is not allowlisted. */
export function webhookHttp(): ClosableHttpClient {
  holder.tolstoyWebhookHttp ??= createHttpClient({ allowlist: env().HTTP_ALLOWLIST });
  return holder.tolstoyWebhookHttp;
}
