/** How signing in ended. `status` is 0 when the server could not be reached. */
export type SignInResult = { ok: true } | { ok: false; code: string; status: number };

const UNREACHABLE: SignInResult = { ok: false, code: "unreachable", status: 0 };

/**
 * NextAuth's own routes, called directly: its browser client answers a failed request by leaving for an error page, and
 * a form must keep what was typed.
 */
async function post(path: string, fields: Record<string, string>): Promise<{ status: number; url: URL | null } | null> {
  try {
    const token = (await (await fetch("/api/auth/csrf", { cache: "no-store" })).json()) as { csrfToken?: string };
    const response = await fetch(`/api/auth/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...fields, csrfToken: token.csrfToken ?? "", json: "true" }),
    });
    const answer = (await response.json()) as { url?: string };
    return { status: response.status, url: answer.url ? new URL(answer.url, window.location.origin) : null };
  } catch {
    return null;
  }
}

export async function signInWithPassword(input: { email: string; password: string }): Promise<SignInResult> {
  const answer = await post("callback/credentials", { ...input, callbackUrl: window.location.origin });
  if (!answer) return UNREACHABLE;
  const code = answer.url?.searchParams.get("error");
  if (code || answer.status >= 400) return { ok: false, code: code ?? "unknown", status: answer.status };
  return { ok: true };
}

/** Leaves for the provider's page; comes back to `returnPath`. */
export async function signInWithProvider(provider: string, returnPath: string): Promise<SignInResult> {
  const answer = await post(`signin/${encodeURIComponent(provider)}`, { callbackUrl: new URL(returnPath, window.location.origin).href });
  if (!answer) return UNREACHABLE;
  if (!answer.url || answer.status >= 400) return { ok: false, code: "provider", status: answer.status };
  window.location.assign(answer.url);
  return { ok: true };
}

/** Ends the session; false when the server could not be reached, and the session then goes on. */
export async function signOut(): Promise<boolean> {
  const answer = await post("signout", { callbackUrl: `${window.location.origin}/sign-in` });
  return answer !== null && answer.status < 400;
}
