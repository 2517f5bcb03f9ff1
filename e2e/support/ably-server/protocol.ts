import type { IncomingHttpHeaders } from "node:http";

/** Protocol messages' actions, as numbered by Ably. */
export const ACTION = {
  HEARTBEAT: 0,
  ACK: 1,
  NACK: 2,
  CONNECTED: 4,
  DISCONNECT: 5,
  DISCONNECTED: 6,
  CLOSE: 7,
  CLOSED: 8,
  ERROR: 9,
  ATTACH: 10,
  ATTACHED: 11,
  DETACH: 12,
  DETACHED: 13,
  MESSAGE: 15,
  AUTH: 17,
} as const;

/** Bits of ATTACH and ATTACHED. */
export const FLAG = { HAS_BACKLOG: 1 << 1, RESUMED: 1 << 2, PUBLISH: 1 << 17, SUBSCRIBE: 1 << 18 } as const;

export interface ErrorBody {
  code: number;
  statusCode: number;
  message: string;
}

export interface Message {
  id?: string;
  name?: string;
  data?: unknown;
  encoding?: string;
  timestamp?: number;
  serial?: string;
}

export interface ProtocolMessage {
  action: number;
  id?: string;
  channel?: string;
  channelSerial?: string;
  flags?: number;
  params?: Record<string, string>;
  messages?: Message[];
  msgSerial?: number;
  count?: number;
  timestamp?: number;
  auth?: { accessToken?: string };
  error?: ErrorBody;
  connectionId?: string;
  connectionDetails?: Record<string, unknown>;
}

/** A refusal that the client is told, with one of Ably's codes. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }

  get body(): ErrorBody {
    return { code: this.code, statusCode: this.statusCode, message: this.message };
  }
}

export const errorBody = (thrown: unknown): ErrorBody =>
  thrown instanceof Refusal ? thrown.body : { code: 50000, statusCode: 500, message: String(thrown) };

/** What the caller shows to be let in, from the query or the header. */
export function credentialsOf(headers: IncomingHttpHeaders, query: URLSearchParams): { key: string } | { token: string } {
  const key = query.get("key");
  if (key) return { key };
  const token = query.get("access_token") ?? query.get("accessToken");
  if (token) return { token };
  const [scheme = "", value = ""] = (headers.authorization ?? "").split(" ");
  const decoded = Buffer.from(value, "base64").toString();
  if (/^basic$/i.test(scheme)) return { key: decoded };
  // The client sends a bearer token in base64; people who try with curl don't.
  if (/^bearer$/i.test(scheme)) return { token: value.split(".").length === 3 ? value : decoded };
  throw new Refusal(40101, 401, "No authentication details provided");
}
