import { appUrl } from "../auth/settings";
import type { Environment } from "../env";

/** Environment that expressions see as `$env`: the app's own address, and what the operator allows. */
export function expressionEnvironment(settings: Environment): Record<string, string> {
  const visible: Record<string, string> = { APP_URL: appUrl().origin };
  for (const name of settings.EXPRESSION_ENV_ALLOWLIST) {
    const value = process.env[name];
    if (value !== undefined) visible[name] = value;
  }
  return visible;
}
