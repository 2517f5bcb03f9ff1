import { env } from "../env";

export interface ConfiguredProvider {
  id: "github" | "google";
  name: string;
}

/** Sign-in providers that this installation is configured for. */
export function configuredProviders(): ConfiguredProvider[] {
  const { GITHUB_ID, GITHUB_SECRET, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = env();
  return [
    ...(GITHUB_ID && GITHUB_SECRET ? [{ id: "github" as const, name: "GitHub" }] : []),
    ...(GOOGLE_CLIENT_ID && GOOGLE_CLIENT_SECRET ? [{ id: "google" as const, name: "Google" }] : []),
  ];
}
