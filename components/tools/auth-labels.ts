import type { ToolAuth } from "@/flow/tools/schema";

/** What people call the ways of proving who calls. */
export const AUTH_LABELS: Record<ToolAuth["type"], string> = {
  none: "None",
  apiKey: "API key",
  basic: "User and password",
  bearer: "Bearer token",
  oauth2: "OAuth 2",
  custom: "Custom headers",
};
