import { env } from "../env";
import { type ClosableHttpClient, createHttpClient } from "./guarded-client";

const holder = globalThis as unknown as { tolstoyOutgoing?: ClosableHttpClient };

/** The guarded client for what is no part of an execution: OAuth, tests of credentials. One a process. */
export function outgoing(): ClosableHttpClient {
  holder.tolstoyOutgoing ??= createHttpClient({
    allowlist: env().HTTP_ALLOWLIST,
    defaultTimeoutMs: 20_000,
    maxResponseBytes: 2 * 1024 * 1024,
  });
  return holder.tolstoyOutgoing;
}
