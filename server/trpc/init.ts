import { initTRPC, TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import type { z } from "zod";
import { actorOf } from "../auth/session";
import type { ServiceContext } from "../services/context";
import type { ServiceError, ServiceErrorCode } from "../services/errors";
import { isServiceError, toServiceError } from "../services/to-service-error";
import type { TrpcContext } from "./context";

const CODES: Record<ServiceErrorCode, TRPC_ERROR_CODE_KEY> = {
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  invalid: "UNPROCESSABLE_CONTENT",
  conflict: "CONFLICT",
  too_large: "PAYLOAD_TOO_LARGE",
  rate_limited: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
};

/** Any thrown value as tRPC's error, with the service's as its cause. */
export function toTrpcError(thrown: unknown, request: { requestId: string; what: string }): TRPCError {
  if (thrown instanceof TRPCError && (thrown.cause === undefined || thrown.code !== "INTERNAL_SERVER_ERROR")) {
    // The adapter's own: a body that is no JSON, a method or content type that it does not take.
    return new TRPCError({ code: thrown.code, message: thrown.message });
  }
  const cause = thrown instanceof TRPCError ? thrown.cause : thrown;
  const error = toServiceError(cause, request);
  return new TRPCError({ code: CODES[error.code], message: error.message, cause: error });
}

// No transformer: services answer plain JSON, so people's data passes whatever its keys are called.
const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 12_000 } },
  errorFormatter({ shape, error, ctx }) {
    const service: ServiceError | null = isServiceError(error.cause) ? error.cause : null;
    return {
      ...shape,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        /** What exactly is wrong with the input. */
        issues: service?.details.issues ?? [],
        /** Seconds after which it makes sense to ask again. */
        retryAfterSeconds: service?.details.retryAfterSeconds ?? null,
        requestId: ctx?.requestId ?? null,
      },
    };
  },
});

export const router = t.router;

/** Maps what services throw, in one place. */
const base = t.procedure.use(async ({ ctx, next, path, getRawInput }) => {
  // Read once and remembered; later on it could not be told from a fault of ours.
  await getRawInput().catch((error: unknown) => {
    if (isServiceError(error) || error instanceof TRPCError) throw error;
    throw new TRPCError({ code: "BAD_REQUEST", message: "The input cannot be read: it is not what its content type says." });
  });
  const result = await next();
  if (result.ok) return result;
  throw toTrpcError(result.error, { requestId: ctx.requestId, what: path });
});

/** Needs no session. Every use is a decision: see the role table in the tests. */
export const publicProcedure = base;

/** Needs a session; gives services their context. */
export const procedure = base.use(async ({ ctx, next }) => {
  const session = await ctx.session();
  if (!session) throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in to go on." });
  const service: ServiceContext = { actor: actorOf(session), requestId: ctx.requestId };
  return next({ ctx: { currentSession: session, service } });
});

/**
 * The type of a service's input. The value passes unchecked: the service itself parses it, once it has authorised the caller.
 */
export const inputOf =
  <S extends z.ZodType>(_schema: S) =>
  (value: unknown): z.input<S> =>
    value as z.input<S>;
