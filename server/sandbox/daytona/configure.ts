import type { HttpClient, Sandbox } from "@/flow/node/context";
import type { Environment } from "@/server/env";
import { createDaytonaSandbox } from "./sandbox";

/** Daytona as this installation's settings have it; undefined without a key. */
export function daytonaOf(settings: Environment, http: HttpClient): Sandbox | undefined {
  if (settings.DAYTONA_API_KEY === undefined) return undefined;
  return createDaytonaSandbox({
    apiKey: settings.DAYTONA_API_KEY,
    baseUrl: settings.DAYTONA_BASE_URL,
    http,
    snapshot: settings.DAYTONA_SNAPSHOT,
    target: settings.DAYTONA_TARGET,
    syncTimeoutMs: settings.DAYTONA_SYNC_TIMEOUT,
    asyncTimeoutMs: settings.DAYTONA_ASYNC_TIMEOUT,
  });
}
