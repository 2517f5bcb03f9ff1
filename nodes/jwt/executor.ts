import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { parseJsonObject } from "../json-parameter";
import type { jwt } from "./definition";

type Parameters = z.infer<typeof jwt.parameters>;
type Context = NodeContext<Parameters>;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, async (_, index) => {
    const parameters = context.parameters(index);
    const now = Math.floor(Number(context.evaluate("={{ $now.toMillis() }}", index)) / 1000);
    return { json: await OPERATIONS[parameters.operation](context, parameters, index, now), pairedItem: { item: index } };
  });

type Operation = (context: Context, parameters: Parameters, index: number, now: number) => Promise<JsonObject> | JsonObject;

const OPERATIONS: Record<Parameters["operation"], Operation> = {
  async sign(_, parameters, index, now) {
    const { SignJWT } = await import("jose");
    const claims = parameters.useJson ? parseJsonObject(parameters.claimsJson, "claimsJson", index) : claimsOf(parameters, now);
    const { algorithm, kid } = parameters;
    const key = keyOf(parameters, "sign", index);
    try {
      const token = await new SignJWT({ iat: now, ...claims })
        .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(kid !== "" && { kid }) })
        .sign(key);
      return { token };
    } catch {
      throw wrongKey(parameters, "sign", index);
    }
  },
  async verify(_, parameters, index, now) {
    const { compactVerify } = await import("jose");
    const token = tokenOf(parameters, index);
    const key = keyOf(parameters, "verify", index);
    try {
      await compactVerify(token, key, { algorithms: [parameters.algorithm] });
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") throw new FatalError("The token's signature is not valid");
      if (code === "ERR_JOSE_ALG_NOT_ALLOWED") throw new FatalError(`The token is not signed with ${parameters.algorithm}`);
      if (code === "ERR_JWS_INVALID") throw new ParameterError("token", "is not a JSON Web Token", index);
      throw wrongKey(parameters, "verify", index);
    }
    const parts = decoded(token, index);
    checkTimes(parts.payload, parameters, now);
    return parameters.complete ? { ...parts } : { payload: parts.payload };
  },
  decode(_, parameters, index) {
    const parts = decoded(tokenOf(parameters, index), index);
    return parameters.complete ? { ...parts } : { payload: parts.payload };
  },
};

const claimsOf = ({ issuer, subject, audience, expiresIn, notBefore, jwtid }: Parameters, now: number): JsonObject => ({
  ...(expiresIn > 0 && { exp: now + expiresIn }),
  ...(notBefore > 0 && { nbf: now + notBefore }),
  ...(audience !== "" && { aud: audience }),
  ...(issuer !== "" && { iss: issuer }),
  ...(subject !== "" && { sub: subject }),
  ...(jwtid !== "" && { jti: jwtid }),
});

function tokenOf({ token }: Parameters, index: number): string {
  const bare = token.trim().replace(/^Bearer\s+/i, "");
  if (bare === "") throw new ParameterError("token", "is empty", index);
  return bare;
}

const fieldOf = ({ keyType }: Parameters, operation: "sign" | "verify"): "secret" | "privateKey" | "publicKey" =>
  keyType === "passphrase" ? "secret" : operation === "sign" ? "privateKey" : "publicKey";

function keyOf(parameters: Parameters, operation: "sign" | "verify", index: number): KeyObject {
  const field = fieldOf(parameters, operation);
  const text = parameters[field];
  if (text === "") throw new ParameterError(field, "is empty", index);
  // A public key must never serve as a secret: whoever knows it could sign.
  const symmetric = parameters.algorithm.startsWith("HS");
  if (symmetric !== (field === "secret")) {
    throw new ParameterError("algorithm", `${parameters.algorithm} needs ${symmetric ? "a secret" : "a PEM key"}`, index);
  }
  try {
    if (field === "secret") return createSecretKey(Buffer.from(text));
    // Line breaks get lost in environment variables and forms of one line.
    const pem = text.replaceAll("\\n", "\n");
    return field === "privateKey" ? createPrivateKey(pem) : createPublicKey(pem);
  } catch {
    throw new ParameterError(field, "is not a key in PEM form", index);
  }
}

/** Without the cause's words: they may quote the key. */
const wrongKey = (parameters: Parameters, operation: "sign" | "verify", index: number): ParameterError =>
  new ParameterError(
    fieldOf(parameters, operation),
    `does not fit ${parameters.algorithm}: another kind or length of key is needed`,
    index,
  );

function decoded(token: string, index: number): { header: JsonObject; payload: JsonObject; signature: string } {
  const [header = "", payload = "", signature = "", ...more] = token.split(".");
  const read = (part: string): Json => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Json;
  try {
    if (more.length > 0) throw new Error("too many parts");
    const [first, second] = [read(header), read(payload)];
    if (isObject(first) && isObject(second)) return { header: first, payload: second, signature };
  } catch {
    // As for parts that hold something else.
  }
  throw new ParameterError("token", "is not a JSON Web Token", index);
}

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

function checkTimes({ exp, nbf }: JsonObject, { ignoreExpiration, ignoreNotBefore, clockTolerance }: Parameters, now: number): void {
  const when = (seconds: number): string => new Date(seconds * 1000).toISOString();
  for (const [name, value] of [
    ["exp", exp],
    ["nbf", nbf],
  ] as const) {
    if (value !== undefined && typeof value !== "number") throw new FatalError(`The token's "${name}" is not a number`);
  }
  if (typeof exp === "number" && !ignoreExpiration && now >= exp + clockTolerance)
    throw new FatalError(`The token expired at ${when(exp)}`);
  if (typeof nbf === "number" && !ignoreNotBefore && now < nbf - clockTolerance)
    throw new FatalError(`The token is not valid before ${when(nbf)}`);
}
