import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { type JWTPayload, jwtVerify } from "jose";
import type { JsonObject } from "@/flow/item";
import { needsSecret } from "@/nodes/webhook-trigger/definition";
import { clientAddress } from "../auth/client-address";
import { checkGuess } from "../auth/guess-limit";
import type { IncomingCall } from "../http/incoming-call";
import { logger } from "../logger";
import { openTriggerSecret } from "./trigger-secret";
import { answerError } from "./webhook-answer";
import type { Webhook, WebhookSettings } from "./webhook-registry";
import { isSigned } from "./webhook-signature";

/** Clocks of two machines differ. */
const CLOCK_SECONDS = 10;

type Checked = Pick<Webhook, "triggerId" | "organizationId" | "secret" | "settings">;

/** A caller that may go on, or the answer to one that may not. */
export type Caller = { claims?: JsonObject } | { refusal: Response };

/** Compares in a time that tells nothing: digests have one length, whatever was given. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Whether the sender of a call is who the webhook's settings ask for. What was wrong is not told.
 * @param body the bytes as they came; read only where they are signed, so that strangers cannot send much
 */
export async function checkCaller(request: IncomingCall, body: () => Promise<Buffer>, webhook: Checked): Promise<Caller> {
  const { settings } = webhook;
  let secret = "";
  if (needsSecret(settings)) {
    if (webhook.secret === null) {
      return refuse(settings, "This webhook checks its callers, and its secret has not been set yet. Set it in the editor of its flow.");
    }
    try {
      secret = openTriggerSecret(webhook.secret, webhook);
    } catch (error) {
      logger.error({ err: error, triggerId: webhook.triggerId }, "the secret of a webhook cannot be read");
      return { refusal: answerError(503, "unavailable", "This webhook cannot check its callers: set its secret again.") };
    }
  }
  const { headers } = request;
  switch (settings.authentication) {
    case "none":
      return {};
    case "header":
      return isSame(headers.get(settings.headerName) ?? "", secret) ? {} : refuse(settings);
    case "basic": {
      const [, encoded] = /^Basic +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
      if (encoded === undefined) return refuse(settings);
      const given = Buffer.from(encoded, "base64").toString("utf8");
      const proof = checkGuess(`${webhook.triggerId} ${clientAddress(headers)}`, () => isSame(given, `${settings.username}:${secret}`));
      if (proof.wait === undefined) return proof.right ? {} : refuse(settings);
      const message = "Too many wrong passwords came from this address.";
      return { refusal: answerError(429, "rate_limited", message, { "retry-after": String(proof.wait) }) };
    }
    case "jwt": {
      const claims = await claimsOf(headers, settings, secret);
      return claims ? { claims: claims as JsonObject } : refuse(settings);
    }
    case "hmac":
      return isSigned(request, await body(), settings, secret) ? {} : refuse(settings);
  }
}

const CHALLENGES: Partial<Record<WebhookSettings["authentication"], string>> = {
  basic: 'Basic realm="Webhook", charset="UTF-8"',
  jwt: "Bearer",
};

function refuse({ authentication }: WebhookSettings, message = "This call did not prove who sends it."): Caller {
  const challenge = CHALLENGES[authentication];
  return { refusal: answerError(401, "unauthenticated", message, challenge ? { "www-authenticate": challenge } : {}) };
}

/** Keys by the settings' own object, which a remembered version keeps. */
const publicKeys = new WeakMap<WebhookSettings, KeyObject>();

function publicKeyOf(settings: WebhookSettings): KeyObject {
  let key = publicKeys.get(settings);
  if (!key) {
    key = createPublicKey(settings.jwtPublicKey);
    publicKeys.set(settings, key);
  }
  return key;
}

async function claimsOf(headers: Headers, settings: WebhookSettings, secret: string): Promise<JWTPayload | null> {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (!token) return null;
  try {
    const key = needsSecret(settings) ? new TextEncoder().encode(secret) : publicKeyOf(settings);
    const { payload } = await jwtVerify(token, key, {
      // Never the token's own word for it: a public key must not be taken for a shared one.
      algorithms: [settings.jwtAlgorithm],
      clockTolerance: CLOCK_SECONDS,
      ...(settings.jwtIssuer && { issuer: settings.jwtIssuer }),
      ...(settings.jwtAudience && { audience: settings.jwtAudience }),
    });
    return payload;
  } catch {
    return null;
  }
}

/** Header that holds what a caller proves itself with; a signature is none, it is good for one body. */
export function credentialHeader({ authentication, headerName }: WebhookSettings): string | undefined {
  if (authentication === "header") return headerName.toLowerCase();
  return authentication === "basic" || authentication === "jwt" ? "authorization" : undefined;
}
