import { createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "./protocol";

/** Operations by resource. */
export type Capability = Record<string, string[]>;

/** Who is connected, and until when (milliseconds; endless with a key). */
export interface Access {
  capability: Capability;
  expires: number;
  issued: number;
  revocationKey: string | null;
}

/**
 * Whether a capability's resource covers a channel. `*` stands for a whole segment between colons, at the end for any number of
 * them; a dot separates nothing.
 */
export function covers(resource: string, channel: string): boolean {
  if (resource === "*") return true;
  const wanted = resource.split(":");
  const given = channel.split(":");
  for (const [index, part] of wanted.entries()) {
    if (part === "*" && index === wanted.length - 1) return given.length > index;
    if (part !== "*" && part !== given[index]) return false;
  }
  return wanted.length === given.length;
}

export const allows = ({ capability }: Access, operation: string, channel: string): boolean =>
  Object.entries(capability).some(
    ([resource, operations]) => (operations.includes("*") || operations.includes(operation)) && covers(resource, channel),
  );

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const fields = (segment: string): Record<string, unknown> => {
  try {
    return JSON.parse(Buffer.from(segment, "base64url").toString()) as Record<string, unknown>;
  } catch {
    throw new Refusal(40144, 401, "Invalid JWT");
  }
};

/** Checks keys and tokens of one app, whose key may do everything, and remembers what was revoked. */
export class Gate {
  readonly keyName: string;
  private readonly secret: string;
  private readonly revocations: { key: string; issuedBefore: number }[] = [];

  /** @param apiKey `appId.keyId:secret` */
  constructor(apiKey: string) {
    const colon = apiKey.indexOf(":");
    this.keyName = apiKey.slice(0, colon);
    this.secret = apiKey.slice(colon + 1);
  }

  admit(credentials: { key: string } | { token: string }): Access {
    if ("token" in credentials) return this.admitToken(credentials.token);
    if (!isSame(Buffer.from(credentials.key), Buffer.from(`${this.keyName}:${this.secret}`))) {
      throw new Refusal(40101, 401, "Invalid credentials");
    }
    return { capability: { "*": ["*"] }, expires: Number.POSITIVE_INFINITY, issued: 0, revocationKey: null };
  }

  private admitToken(token: string): Access {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const { alg, kid } = fields(header);
    const claims = fields(payload);
    if (alg !== "HS256" || kid !== this.keyName) throw new Refusal(40144, 401, "Invalid JWT: unknown key or algorithm");
    const expected = createHmac("sha256", this.secret).update(`${header}.${payload}`).digest();
    if (!isSame(expected, Buffer.from(signature, "base64url"))) throw new Refusal(40144, 401, "Invalid JWT: wrong signature");
    const { iat, exp } = claims;
    if (typeof iat !== "number" || typeof exp !== "number") throw new Refusal(40144, 401, "Invalid JWT: it needs iat and exp");
    if (exp - iat > 3600) throw new Refusal(40003, 401, "A revocable token lives for an hour at most");
    if (exp * 1000 <= Date.now()) throw new Refusal(40142, 401, "Token expired");
    const access: Access = {
      capability: JSON.parse(String(claims["x-ably-capability"] ?? "{}")) as Capability,
      expires: exp * 1000,
      issued: iat * 1000,
      revocationKey: typeof claims["x-ably-revocation-key"] === "string" ? claims["x-ably-revocation-key"] : null,
    };
    if (this.isRevoked(access)) throw new Refusal(40141, 401, "Token revoked");
    return access;
  }

  revoke(key: string, issuedBefore: number): void {
    this.revocations.push({ key, issuedBefore });
  }

  isRevoked = ({ revocationKey, issued }: Access): boolean =>
    this.revocations.some(({ key, issuedBefore }) => key === revocationKey && issued < issuedBefore);
}

export function demand(access: Access, operation: string, channel: string): void {
  if (!allows(access, operation, channel)) throw new Refusal(40160, 401, `Channel denied access based on given capability: ${channel}`);
}
