import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { MalformedBodyError, readBody } from "../rest/body";
import { errorResponse, methodNotAllowed } from "../rest/errors";
import { toServiceError } from "../services/to-service-error";
import { isSecure, parseCookies } from "./cookies";
import { authOptions } from "./options";
import { isWebAddress, returnUrl } from "./return-url";
import { appUrl } from "./settings";

const MAX_BODY_BYTES = 64 * 1024;

type RouteContext = { params: Promise<{ nextauth: string[] }> };

/** NextAuth behind a limit on bodies, with answers below 500 for whatever is malformed. */
export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  // It takes its origin from there, and from a request's headers where that is missing.
  process.env.NEXTAUTH_URL ??= appUrl().origin;
  const requestId = crypto.randomUUID();
  try {
    const spoiled = spoiledCookies(request.headers.get("cookie"));
    if (spoiled.length > 0) return withoutCookies(spoiled);
    if (request.method !== "POST") {
      const [action, provider] = (await context.params).nextauth;
      // Providers come back by GET; a password is never in a URL.
      if (action === "callback" && provider === "credentials") return methodNotAllowed(["POST"]);
      return await NextAuth(withReturnUrl(request), context, authOptions());
    }
    const body = await readBody(request, MAX_BODY_BYTES);
    if (!isReadable(body, request.headers.get("content-type"))) return new Response("The body cannot be read", { status: 400 });
    const copy = new NextRequest(withReturnUrl(request).url, { method: "POST", headers: request.headers, body: new Uint8Array(body) });
    return await NextAuth(copy, context, authOptions());
  } catch (error) {
    return errorResponse(toServiceError(error, { requestId, what: "auth" }), requestId);
  }
}

/** NextAuth takes a return address that is none for a mistake in the configuration, and answers 500. */
function withReturnUrl(request: NextRequest): NextRequest {
  const given = request.nextUrl.searchParams.getAll("callbackUrl");
  const kept = returnUrl(given.at(-1), appUrl().origin);
  if (given.length === 0 || (given.length === 1 && given[0] === kept)) return request;
  const url = new URL(request.url);
  url.searchParams.set("callbackUrl", kept);
  return new NextRequest(url, { method: request.method, headers: request.headers });
}

const RETURN_COOKIE = /^(?:__Secure-|__Host-)?next-auth\.callback-url$/;

/** Names of the cookies in which NextAuth remembered a return address, and that now hold something else. */
function spoiledCookies(header: string | null): string[] {
  const spoiled = new Set<string>();
  for (const pair of (header ?? "").split(";")) {
    const [name = "", ...value] = pair.trim().split("=");
    if (!RETURN_COOKIE.test(name)) continue;
    const { [name]: url } = parseCookies(`${name}=${value.join("=")}`);
    if (url && !isWebAddress(url, appUrl().origin)) spoiled.add(name);
  }
  return [...spoiled];
}

function withoutCookies(names: string[]): Response {
  const answer = errorResponse(new MalformedBodyError("A cookie could not be read, and was removed. Try again."));
  for (const name of names) {
    answer.headers.append("set-cookie", `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`);
  }
  return answer;
}

function isReadable(body: Buffer, contentType: string | null): boolean {
  if (!contentType?.includes("application/json")) return true;
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
