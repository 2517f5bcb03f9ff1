import { Agent, type Dispatcher } from "undici";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { HttpClient, HttpRequest, HttpResponse } from "@/flow/node/context";
import { guardedConnector, type Resolve } from "./guarded-connector";
import { NETWORK_ERRORS } from "./network-errors";
import { readBody } from "./read-body";
import { requestHeaders, withoutSecrets } from "./request-headers";

export interface HttpClientOptions {
  /** `host:port` entries, exactly as a URL spells them, that may be reached whatever their address. */
  allowlist: readonly string[];
  /** Bytes; requests may ask for less, never for more. Default 50 MB. */
  maxResponseBytes?: number;
  /** Milliseconds for a whole exchange with its redirects, unless the request says otherwise. Default five minutes. */
  defaultTimeoutMs?: number;
  connectTimeoutMs?: number;
  /** Stands in for the system's resolver in tests. */
  resolve?: Resolve;
}

/** One hop of a request, about to be sent. */
export interface Hop {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

/** A request whose secrets are added at each hop: they are in no redirect, no error and no answer of ours. */
export interface PreparedRequest extends HttpRequest {
  /**
   * What to send for a hop; `first` is the URL that the request began with. The origin stays as it is.
   * @throws FatalError to send nothing
   */
  prepare?(hop: Hop, first: URL): Hop;
}

export interface ClosableHttpClient extends HttpClient {
  request(request: PreparedRequest, signal?: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 300_000;
const DEFAULT_REDIRECTS = 21;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The only way out for nodes, tools and webhooks. Guards where a connection goes (see `guardedConnector`), at every hop, how
 * much comes back and how long it takes.
 */
export function createHttpClient(options: HttpClientOptions): ClosableHttpClient {
  const allowlist = new Set(options.allowlist.map((entry) => entry.trim().toLowerCase()));
  const isAllowlisted = (target: string): boolean => allowlist.has(target);
  const agent = (rejectUnauthorized: boolean): Agent =>
    new Agent({
      connect: guardedConnector(isAllowlisted, {
        connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
        rejectUnauthorized,
        ...(options.resolve && { resolve: options.resolve }),
      }),
      connections: 64,
      maxHeaderSize: 64 * 1024,
    });
  const agents = new Map<boolean, Agent>();
  const agentFor = (ignoreTlsErrors: boolean): Agent => {
    const existing = agents.get(ignoreTlsErrors) ?? agent(!ignoreTlsErrors);
    agents.set(ignoreTlsErrors, existing);
    return existing;
  };
  const limit = options.maxResponseBytes ?? DEFAULT_MAX_BYTES;

  return {
    async request(request, signal) {
      const timeoutMs = request.timeoutMs ?? options.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS;
      const timeout = AbortSignal.timeout(timeoutMs);
      const combined = signal ? AbortSignal.any([signal, timeout]) : timeout;
      try {
        const maxBytes = Math.min(request.maxResponseBytes ?? limit, limit);
        return await exchange(request, agentFor(request.ignoreTlsErrors ?? false), combined, maxBytes);
      } catch (error) {
        if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new CancelledError();
        if (timeout.aborted)
          throw new Error(`${request.method} ${shownUrl(request.url)} took longer than ${timeoutMs / 1000} s and was given up`);
        throw readable(error, request);
      }
    },
    async close() {
      await Promise.all([...agents.values()].map((each) => each.destroy()));
    },
  };
}

async function exchange(request: PreparedRequest, dispatcher: Dispatcher, signal: AbortSignal, maxBytes: number): Promise<HttpResponse> {
  let url = parseUrl(request.url);
  const first = url;
  let method = request.method.toUpperCase();
  let headers = requestHeaders(request.headers, url);
  let body = request.body;
  const maxRedirects = request.followRedirects === false ? 0 : (request.maxRedirects ?? DEFAULT_REDIRECTS);
  for (let hops = 0; ; hops++) {
    signal.throwIfAborted();
    const sent = request.prepare?.({ method, url, headers, body }, first) ?? { url, headers, body };
    const response = await dispatcher.request({
      origin: url.origin,
      path: sent.url.pathname + sent.url.search,
      method: method as Dispatcher.HttpMethod,
      headers: sent.headers,
      body: sent.body ?? null,
      signal,
      // The whole exchange has one clock, `signal`.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const location = response.headers.location;
    const follows = REDIRECTS.has(response.statusCode) && typeof location === "string" && request.followRedirects !== false;
    if (!follows) {
      const bytes = await readBody(response.body, joined(response.headers["content-encoding"]), maxBytes);
      return {
        status: response.statusCode,
        statusText: response.statusText ?? "",
        headers: Object.fromEntries(
          Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, joined(value) ?? ""]])),
        ),
        body: bytes,
        url: url.href,
      };
    }
    // The rest of a redirect's body is of no use, and could be endless.
    response.body.on("error", () => {});
    response.body.destroy();
    if (hops >= maxRedirects) throw new FatalError(`${shownUrl(request.url)} redirects more than ${maxRedirects} times`);
    const next = parseUrl(location, url);
    if (response.statusCode === 303 || ((response.statusCode === 301 || response.statusCode === 302) && method === "POST")) {
      if (method !== "HEAD") method = "GET";
      body = undefined;
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("content-")));
    }
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    url = next;
  }
}

/** @throws FatalError for anything but an absolute http or https URL. */
function parseUrl(text: unknown, base?: URL): URL {
  if (typeof text !== "string") throw new FatalError("The URL is not a text");
  let url: URL;
  try {
    url = new URL(text.trim(), base);
  } catch {
    throw new FatalError(
      text.trim() === "" ? "The URL is empty" : `"${text.slice(0, 200)}" is not a valid URL: it must begin with http:// or https://`,
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FatalError(`URLs that begin with ${url.protocol} are not allowed, only http:// and https://`);
  }
  return url;
}

const joined = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(", ") : value);

/** Where a request went, without what may be secret in a URL: user, password and query. */
function shownUrl(text: string): string {
  try {
    const url = new URL(text);
    return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 200);
  } catch {
    return "the URL";
  }
}

function readable(error: unknown, request: HttpRequest): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  // Connecting to several addresses at once fails with all their reasons.
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error, error.cause];
  const fatal = causes.find((cause): cause is FatalError => cause instanceof FatalError);
  if (fatal) return fatal;
  const codes = [error, ...causes].map((cause) => (cause as { code?: unknown } | undefined)?.code);
  const code = codes.find((each): each is string => typeof each === "string");
  const target = shownUrl(request.url);
  if (code?.startsWith("Z_") || code?.startsWith("ERR_BROTLI") || code?.startsWith("ERR__ERROR_FORMAT")) {
    return new Error(`The response of ${target} says that it is compressed, but can't be unpacked`, { cause: error });
  }
  return new Error(`${request.method} ${target} failed: ${NETWORK_ERRORS[code ?? ""] ?? error.message}${code ? ` (${code})` : ""}`, {
    cause: error,
  });
}
