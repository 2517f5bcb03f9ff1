import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { isSameOrigin } from "../auth/same-origin";
import { env } from "../env";
import { readBody } from "../rest/body";
import { errorResponse } from "../rest/errors";
import { ServiceError } from "../services/errors";
import { toServiceError } from "../services/to-service-error";
import { createTrpcContext } from "./context";
import { appRouter } from "./router";

/** tRPC over HTTP: queries and subscriptions by GET, mutations by POST from our own pages only. */
export async function handleTrpc(request: Request): Promise<Response> {
  try {
    if (request.method === "POST" && !isSameOrigin(request)) {
      throw new ServiceError("forbidden", "This can only be called by the app's own pages. Programs use /api/v1 with an API key.");
    }
    const req =
      request.method === "POST"
        ? new Request(request.url, {
            method: "POST",
            headers: request.headers,
            body: new Uint8Array(await readBody(request, env().MAX_BODY_BYTES)),
            signal: request.signal,
          })
        : request;
    return await fetchRequestHandler({ endpoint: "/api/trpc", req, router: appRouter, createContext: createTrpcContext, maxBatchSize: 20 });
  } catch (error) {
    return errorResponse(toServiceError(error, { requestId: crypto.randomUUID(), what: "trpc" }));
  }
}
