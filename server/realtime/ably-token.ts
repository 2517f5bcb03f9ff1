import { createHmac } from "node:crypto";

/** Seconds that a browser may listen before it asks again; membership is checked anew then. */
const LIFETIME_SECONDS = 15 * 60;

/** One channel per execution: a capability names it exactly, so a token shows nothing else. */
export const channelName = (organizationId: string, executionId: string): string => `flows.${organizationId}.${executionId}`;

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * A token that lets its holder listen to one execution and nothing else, as the JWT that Ably documents.
 * @param apiKey `appId.keyId:secret`
 * @param now Milliseconds since the epoch.
 */
export function mintAblyToken(apiKey: string, channel: string, now: number): { token: string; expiresAt: number } {
  const colon = apiKey.indexOf(":");
  const issuedAt = Math.floor(now / 1000);
  const unsigned = `${segment({ typ: "JWT", alg: "HS256", kid: apiKey.slice(0, colon) })}.${segment({
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    "x-ably-capability": JSON.stringify({ [channel]: ["subscribe"] }),
  })}`;
  const signature = createHmac("sha256", apiKey.slice(colon + 1))
    .update(unsigned)
    .digest("base64url");
  return { token: `${unsigned}.${signature}`, expiresAt: (issuedAt + LIFETIME_SECONDS) * 1000 };
}
