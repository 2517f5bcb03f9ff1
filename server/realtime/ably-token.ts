import { createHmac } from "node:crypto";

/**
 * Seconds that a browser may listen before it asks again. Ably asks a client for its next token 30 seconds before the end, so
 * less would have clients renew without pause, and at most thirty seconds would break their connections.
 */
const LIFETIME_SECONDS = 120;

/** One channel per execution: a capability names it exactly, so a token shows nothing else. */
export const channelName = (organizationId: string, executionId: string): string => `flows.${organizationId}.${executionId}`;

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export interface TokenRequest {
  /** `appId.keyId:secret` */
  apiKey: string;
  channel: string;
  /** What tokens are revoked by, together. */
  revocationKey: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * A token that lets its holder listen to one execution and nothing else, as the JWT that Ably documents.
 * @returns `expiresAt` in milliseconds since the epoch
 */
export function mintAblyToken({ apiKey, channel, revocationKey, now }: TokenRequest): { token: string; expiresAt: number } {
  const colon = apiKey.indexOf(":");
  const issuedAt = Math.floor(now / 1000);
  const expires = issuedAt + LIFETIME_SECONDS;
  const header = { typ: "JWT", alg: "HS256", kid: apiKey.slice(0, colon) };
  const claims = {
    iat: issuedAt,
    exp: expires,
    "x-ably-capability": JSON.stringify({ [channel]: ["subscribe"] }),
    "x-ably-revocation-key": revocationKey,
  };
  const unsigned = `${segment(header)}.${segment(claims)}`;
  const signature = createHmac("sha256", apiKey.slice(colon + 1))
    .update(unsigned)
    .digest("base64url");
  return { token: `${unsigned}.${signature}`, expiresAt: expires * 1000 };
}
