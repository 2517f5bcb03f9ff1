/** The closed set of errors that a service answers with; adapters map `code` to a status in one place. */
export type ServiceErrorCode =
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "invalid"
  | "conflict"
  | "too_large"
  | "rate_limited"
  | "unavailable"
  | "internal";

/** What exactly is wrong with an input. */
export interface Issue {
  /** Path in the input, e.g. `graph.nodes[2].parameters.url`. */
  field: string;
  message: string;
  code: string;
  /** Node's name, when the issue is about one. */
  node?: string;
}

export class ServiceError extends Error {
  override name = "ServiceError";
  constructor(
    readonly code: ServiceErrorCode,
    message: string,
    readonly details: { issues?: Issue[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
  }
}

/** Another organization's thing answers exactly as one that does not exist. */
export const notFound = (what: string): ServiceError => new ServiceError("not_found", `${what} not found`);
