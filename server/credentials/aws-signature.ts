import { createHash, createHmac } from "node:crypto";
import { FatalError } from "@/flow/execution/errors";
import type { HttpRequest } from "@/flow/node/context";
import type { Hop } from "../http/guarded-client";
import type { OpenCredential } from "./open";

type Scope = NonNullable<HttpRequest["awsSignature"]>;

/** As AWS wants it: everything but the unreserved characters. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/**
 * The hop signed with the credential's keys (AWS Signature Version 4): the keys themselves are not sent.
 * @throws FatalError when the credential has none
 */
export function signForAws(
  hop: Hop,
  { name, fields }: Pick<OpenCredential, "name" | "fields">,
  { service, region }: Scope,
  now = new Date(),
): Hop {
  const keyId = fields.access_key_id ?? fields.accessKeyId;
  const secret = fields.secret_access_key ?? fields.secretAccessKey;
  const token = fields.session_token ?? fields.sessionToken;
  if (!keyId || !secret)
    throw new FatalError(`The credential "${name}" has no "${keyId ? "secret_access_key" : "access_key_id"}", which signs requests`);
  const instant = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = instant.slice(0, 8);
  const payload = sha256(hop.body ?? "");
  const headers: Record<string, string> = {
    ...hop.headers,
    "x-amz-content-sha256": payload,
    "x-amz-date": instant,
    ...(token && { "x-amz-security-token": token }),
  };
  const signed = Object.entries({ ...headers, host: hop.url.host })
    .map(([header, value]): [string, string] => [header.toLowerCase(), value.trim().replace(/\s+/g, " ")])
    .filter(([header]) => header === "host" || header === "range" || header === "content-type" || header.startsWith("x-amz-"))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const query = [...hop.url.searchParams]
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .sort()
    .join("&");
  const names = signed.map(([header]) => header).join(";");
  const lines = signed.map(([header, value]) => `${header}:${value}\n`).join("");
  const canonical = [hop.method.toUpperCase(), hop.url.pathname, query, lines, names, payload].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), "aws4_request");
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${instant}\n${scope}\n${sha256(canonical)}`).toString("hex");
  return {
    ...hop,
    headers: { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${keyId}/${scope},SignedHeaders=${names},Signature=${signature}` },
  };
}
