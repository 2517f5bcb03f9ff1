import type { ServiceContext } from "../services/context";

/** What a route handler gets, once the caller is known and the body is read. */
export interface RestCall {
  ctx: ServiceContext;
  /** By name of the path's placeholders, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** JSON; undefined without a body. */
  body: unknown;
  headers: Headers;
  /** Aborts when the caller leaves. */
  signal: AbortSignal;
}

export interface RestAnswer {
  status?: number;
  /** `Set-Cookie` values, for callers with a session. */
  cookies?: string[];
  body: unknown;
}

export interface RestRoute {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1`: `/flows/:id`. */
  path: string;
  handle(call: RestCall): Promise<RestAnswer>;
}

/** A number or nothing of the query; what is neither is the service's to refuse. */
export const numberOf = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  return text === null ? undefined : Number(text);
};

/** A list of the query: repeated, separated by commas, or both. */
export const listOf = (query: URLSearchParams, name: string): string[] | undefined => {
  const values = query
    .getAll(name)
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
  return values.length === 0 ? undefined : values;
};

/** A switch of the query: `?publish`, `?publish=true`, `?publish=1`. */
export const isOn = (query: URLSearchParams, name: string): boolean => ["", "true", "1"].includes(query.get(name) ?? "false");

/** Body as the fields of an object; anything else becomes none, and the service says which are missing. */
export const fieldsOf = (body: unknown): Record<string, unknown> =>
  typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
