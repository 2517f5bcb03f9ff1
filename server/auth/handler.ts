import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { readBody } from "../rest/body";
import { errorResponse } from "../rest/errors";
import { toServiceError } from "../services/to-service-error";
import { authOptions } from "./options";
import { appUrl } from "./settings";

const MAX_BODY_BYTES = 64 * 1024;

type RouteContext = { params: Promise<{ nextauth: string[] }> };

/** NextAuth behind a limit on bodies, with answers below 500 for whatever is malformed. */
export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  // It takes its origin from there, and from a request's headers where that is missing.
  process.env.NEXTAUTH_URL ??= appUrl().origin;
  const requestId = crypto.randomUUID();
  try {
    if (request.method !== "POST") return await NextAuth(request, context, authOptions());
    const body = await readBody(request, MAX_BODY_BYTES);
    if (!isReadable(body, request.headers.get("content-type"))) return new Response("The body cannot be read", { status: 400 });
    const copy = new NextRequest(request.url, { method: "POST", headers: request.headers, body: new Uint8Array(body) });
    return await NextAuth(copy, context, authOptions());
  } catch (error) {
    return errorResponse(toServiceError(error, { requestId, what: "auth" }), requestId);
  }
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
