import { ServiceError, type ServiceErrorCode } from "../services/errors";
import { MalformedBodyError } from "./body";

const STATUS: Record<ServiceErrorCode, number> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 422,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

export const statusOf = (error: ServiceError): number => (error instanceof MalformedBodyError ? 400 : STATUS[error.code]);

/** The one shape of every error that the API answers with. */
export interface ErrorBody {
  error: {
    code: ServiceErrorCode | "method_not_allowed" | "unsupported_media_type";
    message: string;
    /** What exactly is wrong with the input. */
    issues?: { field: string; message: string; code: string; node?: string }[];
    requestId?: string;
  };
}

export function errorResponse(error: ServiceError, requestId?: string): Response {
  const { issues, retryAfterSeconds } = error.details;
  const body: ErrorBody = {
    error: { code: error.code, message: error.message, ...(issues && { issues }), ...(requestId && { requestId }) },
  };
  return Response.json(body, {
    status: statusOf(error),
    headers: {
      "cache-control": "no-store",
      ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
      ...(error.code === "unauthenticated" && { "www-authenticate": "Bearer" }),
    },
  });
}

export const notFoundResponse = (): Response => errorResponse(new ServiceError("not_found", "There is nothing here."));

export function methodNotAllowed(allowed: readonly string[]): Response {
  const message = `This address takes ${allowed.join(", ")}.`;
  return Response.json({ error: { code: "method_not_allowed", message } } satisfies ErrorBody, {
    status: 405,
    headers: { allow: allowed.join(", ") },
  });
}
