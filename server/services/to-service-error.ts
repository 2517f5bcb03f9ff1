import { logger } from "../logger";
import { ServiceError } from "./errors";

/** Codes with which Postgres, its driver and the ORM say that the database is away or has no room; asking again later may help. */
const AWAY = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
]);

/** By name: entry points are bundled apart, and each bundle has a class of its own. */
export const isServiceError = (thrown: unknown): thrown is ServiceError =>
  thrown instanceof Error && thrown.name === "ServiceError" && "details" in thrown;

function isDatabaseAway(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error) || depth > 4) return false;
  const { code, errors } = thrown as { code?: unknown; errors?: unknown };
  return (
    (typeof code === "string" && AWAY.has(code)) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout/.test(thrown.message) ||
    isDatabaseAway(thrown.cause, depth + 1) ||
    (Array.isArray(errors) && errors.some((each) => isDatabaseAway(each, depth + 1)))
  );
}

/** Whatever a service threw, as an answer. What is unknown is logged under the request's id and tells no more than that. */
export function toServiceError(thrown: unknown, request: { requestId: string; what: string }): ServiceError {
  if (isServiceError(thrown)) return thrown;
  if (isDatabaseAway(thrown)) {
    logger.error({ err: thrown, ...request }, "the database cannot be reached");
    return new ServiceError("unavailable", "The database cannot be reached at the moment. Try again shortly.", {
      cause: thrown,
      retryAfterSeconds: 5,
    });
  }
  logger.error({ err: thrown, ...request }, "a request failed");
  return new ServiceError(
    "internal",
    `Something went wrong on our side. If it happens again, report it with this id: ${request.requestId}`,
    { cause: thrown },
  );
}
