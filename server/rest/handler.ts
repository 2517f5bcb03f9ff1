import { randomUUID } from "node:crypto";
import { actorOfApiKey, bearerToken } from "../auth/api-key";
import { parseCookies } from "../auth/cookies";
import { isSameOrigin } from "../auth/same-origin";
import { actorOf, sessionOf } from "../auth/session";
import { env } from "../env";
import { nameRoute } from "../metrics/metrics";
import type { Actor } from "../services/context";
import { ServiceError } from "../services/errors";
import { toServiceError } from "../services/to-service-error";
import { MalformedBodyError, parseJson, readBody } from "./body";
import { type ErrorBody, errorResponse, methodNotAllowed, notFoundResponse } from "./errors";
import type { RestRoute } from "./route";
import { restRoutes } from "./routes";

const BASE = "/api/v1";

/** Every call of `/api/v1`: finds its route, knows its caller, reads its body, and answers errors in one shape. */
export async function handleRest(request: Request): Promise<Response> {
  const requestId = randomUUID();
  try {
    const { pathname, searchParams } = new URL(request.url);
    const matches = restRoutes.flatMap((route) => {
      const params = match(route.path, pathname.slice(BASE.length));
      return params ? [{ route, params }] : [];
    });
    if (matches.length === 0) return notFoundResponse();
    const method = request.method === "HEAD" ? "GET" : request.method;
    const found = matches.find(({ route }) => route.method === method);
    if (!found) return methodNotAllowed(matches.map(({ route }) => route.method));

    nameRoute(request, `${BASE}${found.route.path}`);
    const actor = await authenticate(request);
    const body = await jsonBody(request, found.route);
    if (body instanceof Response) return body;
    const answer = await found.route.handle({
      ctx: { actor, requestId },
      params: found.params,
      query: searchParams,
      body,
      headers: request.headers,
      signal: request.signal,
    });
    const headers = new Headers({ "cache-control": "no-store", "x-request-id": requestId });
    for (const cookie of answer.cookies ?? []) headers.append("set-cookie", cookie);
    return Response.json(answer.body, { status: answer.status ?? 200, headers });
  } catch (error) {
    return errorResponse(toServiceError(error, { requestId, what: `${request.method} ${BASE}` }), requestId);
  }
}

/** The values of a path's placeholders; null when it is another path. */
function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.replace(/\/$/, "").split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== value) return null;
    } else {
      const decoded = decode(value);
      if (!decoded) return null;
      params[part.slice(1)] = decoded;
    }
  }
  return params;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * Who calls: an API key, or whoever is signed in, from the app's own pages.
 * @throws ServiceError `unauthenticated`, `forbidden`
 */
async function authenticate(request: Request): Promise<Actor> {
  const token = bearerToken(request.headers);
  if (token !== null) {
    const actor = await actorOfApiKey(token);
    if (actor) return actor;
    throw new ServiceError("unauthenticated", "This API key does not exist or was revoked.");
  }
  const session = await sessionOf(parseCookies(request.headers.get("cookie")));
  if (!session) throw new ServiceError("unauthenticated", "Send an API key: Authorization: Bearer tol_…");
  if (request.method !== "GET" && request.method !== "HEAD" && !isSameOrigin(request)) {
    throw new ServiceError("forbidden", "With a session this can only be called by the app's own pages. Programs send an API key.");
  }
  return actorOf(session);
}

async function jsonBody(request: Request, route: RestRoute): Promise<unknown> {
  if (route.method === "GET" || route.method === "DELETE") return undefined;
  const bytes = await readBody(request, env().MAX_BODY_BYTES);
  if (bytes.length === 0) return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    const message = `Send JSON with "Content-Type: application/json"${type ? `, not "${type.slice(0, 100)}"` : ""}.`;
    return Response.json({ error: { code: "unsupported_media_type", message } } satisfies ErrorBody, { status: 415 });
  }
  const body = parseJson(bytes);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new MalformedBodyError("The body must be a JSON object.");
  return body;
}
