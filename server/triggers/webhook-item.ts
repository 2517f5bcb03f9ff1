import { createHash } from "node:crypto";
import type { Binary, Item, Json, JsonObject } from "@/flow/item";
import type { IncomingCall } from "../http/incoming-call";
import { MalformedBodyError, parseJson } from "../rest/body";
import { readFormData, readUrlEncoded, valuesByName } from "../rest/form-data";
import { isTooDeep } from "../services/parse";

/** Cookies of the app itself: a visitor who follows a webhook's link must not hand the flow's owner their session. */
const OUR_COOKIES = /^(__Host-|__Secure-)?(tolstoy\.|next-auth\.)/;
/** What this process added on the way in. */
const INTERNAL_HEADERS = /^x-(tolstoy-|middleware-|invoke-|matched-path)/;

function headersOf(request: IncomingCall, hidden: string | undefined): JsonObject {
  const headers: [string, string][] = [];
  for (const [name, value] of request.headers) {
    if (INTERNAL_HEADERS.test(name)) continue;
    if (name === hidden) headers.push([name, "(hidden)"]);
    else if (name !== "cookie") headers.push([name, value]);
    else {
      const theirs = value.split(";").filter((cookie) => !OUR_COOKIES.test(cookie.trim()));
      if (theirs.length > 0) headers.push([name, theirs.join(";").trim()]);
    }
  }
  // `fromEntries` makes own properties of every name, `__proto__` too.
  return Object.fromEntries(headers);
}

interface Content {
  body: Json;
  binary?: Record<string, Binary>;
}

async function contentOf(request: IncomingCall, bytes: Buffer): Promise<Content> {
  if (bytes.length === 0) return { body: {} };
  const type = (request.headers.get("content-type") ?? "").toLowerCase();
  const mimeType = type.split(";", 1)[0]?.trim() ?? "";
  if (mimeType === "application/json" || mimeType.endsWith("+json")) return { body: jsonOf(bytes) };
  if (mimeType === "application/x-www-form-urlencoded") return { body: valuesByName(readUrlEncoded(bytes)) };
  if (mimeType === "multipart/form-data") return formOf(request, bytes);
  if (mimeType === "" || mimeType.startsWith("text/") || mimeType === "application/xml" || mimeType.endsWith("+xml"))
    return { body: bytes.toString("utf8") };
  return { body: {}, binary: { data: fileOf(bytes, mimeType) } };
}

function jsonOf(bytes: Buffer): Json {
  const parsed = parseJson(bytes) as Json;
  if (isTooDeep(parsed)) throw new MalformedBodyError("The body is nested too deep.");
  return parsed;
}

async function formOf(request: IncomingCall, bytes: Buffer): Promise<Content> {
  const form = await readFormData(request, bytes);
  const texts: [string, string][] = [];
  const files: [string, Binary][] = [];
  for (const [name, value] of form) {
    if (typeof value === "string") texts.push([name, value]);
    else files.push([name, fileOf(Buffer.from(await value.arrayBuffer()), value.type || "application/octet-stream", value.name)]);
  }
  return { body: valuesByName(texts), ...(files.length > 0 && { binary: Object.fromEntries(files) }) };
}

const fileOf = (bytes: Buffer, mimeType: string, fileName?: string): Binary => {
  const fileExtension = /\.([A-Za-z0-9]{1,16})$/.exec(fileName ?? "")?.[1];
  return {
    mimeType,
    fileSize: bytes.length,
    data: bytes.toString("base64"),
    ...(fileName && { fileName }),
    ...(fileExtension && { fileExtension }),
  };
};

export interface ItemOptions {
  /** Header, in lower case, whose value is a secret: the flow's history must not show it. */
  hiddenHeader?: string | undefined;
  /** What a checked token says of the caller. */
  jwtPayload?: JsonObject | undefined;
  /** Also the bytes as they came, as the binary field `data`. */
  rawBody?: boolean;
  /** Of the path. */
  params?: JsonObject;
}

/**
 * What a call gives to the flow, as n8n's Webhook does: `{ headers, params, query, body }` and the files beside it.
 * @throws MalformedBodyError when the body is not what its content type says.
 */
export async function webhookItem(request: IncomingCall, bytes: Buffer, options: ItemOptions = {}): Promise<Item> {
  const { body, binary: files } = await contentOf(request, bytes);
  const binary = options.rawBody && bytes.length > 0 ? { ...files, data: rawOf(request, bytes) } : files;
  const mark = request.url.indexOf("?");
  const query = mark < 0 ? {} : valuesByName(new URLSearchParams(request.url.slice(mark + 1)));
  return {
    json: {
      method: request.method,
      headers: headersOf(request, options.hiddenHeader),
      params: options.params ?? {},
      query,
      body,
      ...(options.jwtPayload && { jwtPayload: options.jwtPayload }),
    },
    ...(binary && { binary }),
  };
}

const rawOf = (request: IncomingCall, bytes: Buffer): Binary =>
  fileOf(bytes, (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() || "application/octet-stream");

/** Headers with which senders name a delivery, so that its repetition can be told from a new one. */
const DELIVERY_HEADERS = ["idempotency-key", "webhook-id", "x-github-delivery", "x-gitlab-event-uuid", "x-shopify-webhook-id", "svix-id"];

/** The database's index takes no long ones. */
const LONGEST_NAME = 255;

/** The delivery's name; null where the sender gave none: the same body twice may well be two events. */
export function deliveryKey(headers: Headers): string | null {
  for (const name of DELIVERY_HEADERS) {
    const value = headers.get(name)?.trim();
    if (value) return `${name}:${value.length <= LONGEST_NAME ? value : createHash("sha256").update(value).digest("hex")}`;
  }
  return null;
}
