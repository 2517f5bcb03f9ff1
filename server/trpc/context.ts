import { randomUUID } from "node:crypto";
import { clientAddress } from "../auth/client-address";
import { type Cookies, parseCookies } from "../auth/cookies";
import { type Session, sessionOf } from "../auth/session";

export interface TrpcContext {
  requestId: string;
  /** Looked up at the first call, once a request. */
  session(): Promise<Session | null>;
  /** As the database says it now, past the start of the request: for what stays open. */
  freshSession(): Promise<Session | null>;
  /** The client's, for rate limits. */
  address: string;
  /** Of the request. */
  cookies: Cookies;
  /** Headers of the answer, for cookies. */
  answerHeaders: Headers;
}

export function createTrpcContext({ req, resHeaders }: { req: Request; resHeaders: Headers }): TrpcContext {
  const cookies = parseCookies(req.headers.get("cookie"));
  let session: Promise<Session | null> | null = null;
  return {
    requestId: randomUUID(),
    session: () => {
      session ??= sessionOf(cookies);
      return session;
    },
    freshSession: () => sessionOf(cookies),
    address: clientAddress(req.headers),
    cookies,
    answerHeaders: resHeaders,
  };
}
