import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { isSameOrigin } from "../auth/same-origin";
import { env } from "../env";
import { assertParsable, readBody } from "../rest/body";
import { errorResponse } from "../rest/errors";
import { ServiceError } from "../services/errors";
import { isServiceError, toServiceError } from "../services/to-service-error";
import { createTrpcContext, type TrpcContext } from "./context";
import { appRouter } from "./router";

/** Bytes that whoever is not signed in may send: enough to make an account, too little to fill the memory with. */
const STRANGERS_BYTES = 64 * 1024;

/** tRPC over HTTP: queries and subscriptions by GET, mutations by POST from our own pages only. */
export async function handleTrpc(request: Request): Promise<Response> {
  const context = createTrpcContext({ req: request, resHeaders: new Headers() });
  try {
    if (request.method === "POST" && !isSameOrigin(request)) {
      throw new ServiceError("forbidden", "This can only be called by the app's own pages. Programs use /api/v1 with an API key.");
    }
    const req = request.method === "POST" ? await withBody(request, context) : request;
    return await fetchRequestHandler({
      endpoint: "/api/trpc",
      req,
      router: appRouter,
      createContext: ({ resHeaders }) => ({ ...context, answerHeaders: resHeaders }),
      maxBatchSize: 20,
    });
  } catch (error) {
    return errorResponse(toServiceError(error, { requestId: context.requestId, what: "trpc" }));
  }
}

/** The request with its body read, within the limit of who sends it. */
async function withBody(request: Request, context: TrpcContext): Promise<Request> {
  const isStranger = (await context.session()) === null;
  const body = await readBody(request, isStranger ? STRANGERS_BYTES : env().MAX_BODY_BYTES).catch((error: unknown) => {
    // Their session may have ended over a large flow: that is what they must be told, and is, without what they sent.
    if (isStranger && isServiceError(error) && error.code === "too_large") return Buffer.from("{}");
    throw error;
  });
  assertParsable(body);
  return new Request(request.url, { method: "POST", headers: request.headers, body: new Uint8Array(body), signal: request.signal });
}
