import { env } from "../env";
import { type ClosableHttpClient, createHttpClient } from "./guarded-client";

const holder = globalThis as unknown as { tolstoyHttpClient?: ClosableHttpClient };

/** The guarded client of what people ask for beside executions: trying an action, fetching a document to import. */
export const sharedHttpClient = (): ClosableHttpClient => {
  holder.tolstoyHttpClient ??= createHttpClient({ allowlist: env().HTTP_ALLOWLIST });
  return holder.tolstoyHttpClient;
};
