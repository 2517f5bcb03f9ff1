import { metrics } from "@/server/metrics/metrics";
import { isProvider } from "@/server/oauth/providers";

/** The end of connecting an account, counted. The provider is named once it is known; others than the known ones are `oauth2`. */
export async function countedFlow<T>(orgId: string, act: (is: (provider: string | undefined) => void) => Promise<T>): Promise<T> {
  let provider = "unknown";
  let status: "success" | "error" = "error";
  try {
    const result = await act((key) => {
      provider = key === undefined ? "unknown" : isProvider(key) ? key : "oauth2";
    });
    status = "success";
    return result;
  } finally {
    metrics.oauthFlows.add({ orgId, provider, status });
  }
}
