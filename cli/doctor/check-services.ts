import { type Environment, isInngestConfigured } from "@/server/env";
import { mailServerFault } from "@/server/mail/transport";
import { daytonaSettings } from "@/server/sandbox/daytona/configure";
import { createSandbox } from "@/server/sandbox/sandbox";
import { describeFailure } from "../failure";
import { broken, type Finding, off, ok } from "./finding";

/** What answers at an address: its HTTP status, or why there is none. */
async function reach(url: string, headers: Record<string, string> = {}): Promise<{ status: number } | { reason: string }> {
  try {
    const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return { status: answer.status };
  } catch (error) {
    return { reason: describeFailure((error as Error).cause ?? error) };
  }
}

export async function checkApp({ HOST, PORT }: Environment): Promise<Finding> {
  const url = `http://${HOST === "0.0.0.0" ? "127.0.0.1" : HOST}:${PORT}/api/health`;
  const answer = await reach(url);
  if ("reason" in answer) return off("App", `not running at ${url}`);
  return answer.status === 200 ? ok("App", `answers at ${url}`) : broken("App", `${url} answers ${answer.status}`);
}

export async function checkEngine(settings: Environment): Promise<Finding> {
  const { EXECUTION_ENGINE, INNGEST_BASE_URL, INNGEST_DEV } = settings;
  const usesInngest = EXECUTION_ENGINE === "inngest" || (EXECUTION_ENGINE === "auto" && isInngestConfigured(settings));
  if (!usesInngest) return ok("Engine", "embedded: executions are queued in the app's database");
  const base = INNGEST_BASE_URL ?? (INNGEST_DEV ? "http://127.0.0.1:8288" : null);
  if (base === null) return ok("Engine", "Inngest Cloud");
  const answer = await reach(`${base}/health`);
  if ("reason" in answer) return broken("Engine", `Inngest at ${base}: ${answer.reason}`);
  return answer.status < 400 ? ok("Engine", `Inngest at ${base}`) : broken("Engine", `Inngest at ${base} answers ${answer.status}`);
}

export async function checkLive({ ABLY_API_KEY, ABLY_ENDPOINT, ABLY_PORT, ABLY_TLS }: Environment): Promise<Finding> {
  if (!ABLY_API_KEY) return ok("Live updates", "server-sent events (set ABLY_API_KEY for Ably)");
  const origin = `${ABLY_TLS ? "https" : "http"}://${ABLY_ENDPOINT ?? "main.realtime.ably.net"}${ABLY_PORT ? `:${ABLY_PORT}` : ""}`;
  const answer = await reach(`${origin}/time`);
  return "reason" in answer ? broken("Live updates", `Ably at ${origin}: ${answer.reason}`) : ok("Live updates", `Ably at ${origin}`);
}

export function checkSignIn({ GITHUB_ID, GOOGLE_CLIENT_ID }: Environment): Finding {
  const providers = ["e-mail and password", ...(GITHUB_ID ? ["GitHub"] : []), ...(GOOGLE_CLIENT_ID ? ["Google"] : [])];
  return ok("Sign-in", providers.join(", "));
}

export function checkAllowlist({ HTTP_ALLOWLIST }: Environment): Finding {
  if (HTTP_ALLOWLIST.length === 0) return off("Private addresses", "closed to flows (HTTP_ALLOWLIST is empty)");
  return ok("Private addresses", `open to flows: ${HTTP_ALLOWLIST.join(", ")}`);
}

/** Whether Go and Rust can run. The key is sent to the address that is set, and shown nowhere. */
export async function checkDaytona(settings: Environment): Promise<Finding> {
  const subject = "Daytona";
  try {
    const { DAYTONA_API_KEY: key, DAYTONA_BASE_URL, DAYTONA_SYNC_TIMEOUT, DAYTONA_ASYNC_TIMEOUT } = await daytonaSettings(settings);
    if (key === undefined) return off(subject, "not set up (DAYTONA_API_KEY): code in Go and Rust does not run");
    const base = DAYTONA_BASE_URL.replace(/\/+$/, "");
    const answer = await reach(`${base}/api-keys/current`, { authorization: `Bearer ${key}` });
    if ("reason" in answer) return broken(subject, `${base}: ${answer.reason}`);
    if (answer.status === 401 || answer.status === 403) return broken(subject, `${base} refuses the key (${answer.status})`);
    if (answer.status >= 400) return broken(subject, `${base} answers ${answer.status}. Is DAYTONA_BASE_URL the address of its API?`);
    return ok(
      subject,
      `${base} takes the key; code may run ${DAYTONA_SYNC_TIMEOUT / 1000} s, or ${DAYTONA_ASYNC_TIMEOUT / 1000} s when it is polled`,
    );
  } catch (error) {
    return broken(subject, describeFailure(error));
  }
}

export async function checkMail({ SMTP_URL }: Environment): Promise<Finding> {
  if (SMTP_URL === undefined) return off("Mail", "none is sent (SMTP_URL is not set)");
  const reason = await mailServerFault();
  const { host } = new URL(SMTP_URL);
  return reason === null ? ok("Mail", `sent by ${host}`) : broken("Mail", `${host}: ${reason}`);
}

export async function checkSandbox(): Promise<Finding> {
  const sandbox = createSandbox();
  try {
    const { value } = await sandbox.run({ language: "javascript", code: "return 6 * 7", globals: {} });
    return value === 42 ? ok("Code steps", "run in their sandbox") : broken("Code steps", `the sandbox answers ${JSON.stringify(value)}`);
  } catch (error) {
    return broken("Code steps", describeFailure(error));
  } finally {
    await sandbox.close();
  }
}
