/** What a hot route needs of a request: a web `Request` is one, and so is what `server-listener.ts` makes without the framework. */
export interface IncomingCall {
  readonly method: string;
  /** Absolute, or the path with its query. */
  readonly url: string;
  readonly headers: Headers;
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal;
  readonly body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null;
}
