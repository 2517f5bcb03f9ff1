import { XMLParser } from "fast-xml-parser";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { HttpResponse, NodeContext } from "@/flow/node/context";
import { ServerFields } from "../server-fields";

const TIMEOUT_MS = 300_000;
const LISTS = new Set(["Contents", "CommonPrefixes", "Bucket"]);

/** Text as it stands: keys may look like numbers. */
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, trimValues: false, isArray: (name) => LISTS.has(name) });

/** Where buckets are, of a credential. The keys stay behind `context.http`. */
export interface Place {
  endpoint: URL;
  region: string;
  pathStyle: boolean;
}

/** @throws FatalError for an endpoint that is no URL */
export function placeOf(given: Readonly<Record<string, string>>, regionOverride: string): Place {
  const fields = new ServerFields(given, "S3");
  const region = regionOverride.trim() || fields.text("region") || "us-east-1";
  if (!/^[a-z0-9-]+$/i.test(region)) throw new FatalError(`"${region.slice(0, 50)}" is not the name of a region`);
  const endpoint = fields.text("endpoint");
  if (endpoint === undefined) {
    const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return { endpoint: new URL(`https://s3.${region}.${domain}`), region, pathStyle: false };
  }
  const text = /^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`;
  if (!URL.canParse(text)) throw new FatalError('The field "endpoint" of the S3 credential is not a URL');
  return { endpoint: new URL(text), region, pathStyle: fields.flag(true, "force_path_style", "forcePathStyle") };
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
export const encodedKey = (key: string): string => key.split("/").map(encoded).join("/");

/** @throws ParameterError for a key that a URL would not lead to */
export function checkedKey(key: string, field: string, index: number): string {
  const bare = key.replace(/^\/+/, "");
  if (bare === "") throw new ParameterError(field, "is empty", index);
  if (bare.split("/").some((part) => part === "." || part === "..")) throw new ParameterError(field, 'has a part "." or ".." in it', index);
  return bare;
}

/** @throws ParameterError for what is no name of a bucket */
export function checkedBucket(bucket: string, field: string, index: number): string {
  const name = bucket.trim();
  if (!/^[A-Za-z0-9][\w.:-]{1,254}$/.test(name))
    throw new ParameterError(field, name === "" ? "is empty" : "is not the name of a bucket", index);
  return name;
}

export function urlOf({ endpoint, pathStyle }: Place, bucket: string, key = "", query: Record<string, string> = {}): string {
  const isHost = !pathStyle && bucket !== "" && /^[a-z0-9-]+$/.test(bucket);
  const host = isHost ? `${bucket}.${endpoint.host}` : endpoint.host;
  const base = endpoint.pathname.replace(/\/+$/, "");
  const path = `${base}${isHost || bucket === "" ? "" : `/${encoded(bucket)}`}/${encodedKey(key)}`;
  const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return `${endpoint.protocol}//${host}${path}${search.length > 0 ? `?${search.join("&")}` : ""}`;
}

export type Xml = Record<string, unknown>;

/** @throws FatalError for a refusal, an `Error` for what may pass */
export async function callS3(
  context: NodeContext<unknown>,
  { region }: Place,
  request: { method: string; url: string; headers?: Record<string, string>; body?: Uint8Array },
): Promise<HttpResponse> {
  const response = await context.http.request(
    { ...request, credential: "s3", awsSignature: { service: "s3", region }, followRedirects: false, timeoutMs: TIMEOUT_MS },
    context.signal,
  );
  if (response.status >= 300) throw failure(response, request);
  return response;
}

/** The answer's root element. A copy can fail after it began to answer. */
export function readXml(response: HttpResponse, request: { method: string; url: string }): Xml {
  const parsed = parser.parse(new TextDecoder().decode(response.body)) as Xml;
  if (parsed.Error) throw failure(response, request);
  const root = Object.entries(parsed).find(([name]) => !name.startsWith("?"))?.[1];
  return typeof root === "object" && root !== null ? (root as Xml) : {};
}

const PASSING = new Set(["SlowDown", "InternalError", "RequestTimeout", "ServiceUnavailable", "OperationAborted", "RequestTimeTooSkewed"]);

function failure(response: HttpResponse, request: { method: string; url: string }): Error {
  const url = new URL(request.url);
  const text = new TextDecoder().decode(response.body.subarray(0, 10_000));
  const { Error: said } = (text.trimStart().startsWith("<") ? parser.parse(text) : {}) as {
    Error?: { Code?: string; Message?: string; Region?: string };
  };
  const code = said?.Code ?? "";
  const what = said ? `${said.Message ?? ""} [${code}]` : `it answered ${response.status} ${response.statusText}`.trim();
  const message = `S3 at ${url.host}, ${request.method} ${decodeURIComponent(url.pathname)}: ${what}`;
  const isPassing = response.status >= 500 || response.status === 429 || response.status === 408 || PASSING.has(code);
  const hint = said?.Region ? { hint: `The bucket is in the region ${said.Region}.` } : {};
  return Object.assign(isPassing ? new Error(message) : new FatalError(message), { httpStatus: response.status }, hint);
}
