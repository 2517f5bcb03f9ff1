import { FatalError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { HttpResponse, NodeContext } from "@/flow/node/context";
import { decodeBody } from "../http-failure";
import type { Parameters } from "./build-request";

const BINARY =
  /^(image|audio|video|font)\/|^application\/(octet-stream|pdf|zip|gzip|x-gzip|x-tar|x-7z-compressed|vnd\.(ms-|openxmlformats)|msword|wasm|java-archive)/;
const isJsonType = (type: string): boolean => /^application\/(?:[\w.+-]+\+)?json\b/i.test(type) || /^text\/json\b/i.test(type);

/** Items out of a response: a JSON list gives one each, anything else one. */
export async function readResponse(
  context: Pick<NodeContext, "writeBinary">,
  parameters: Parameters,
  response: HttpResponse,
  itemIndex: number,
): Promise<Item[]> {
  const type = response.headers["content-type"] ?? "";
  const format = parameters.responseFormat === "auto" ? detect(type) : parameters.responseFormat;
  const pairedItem = { item: itemIndex };
  if (format === "binary") {
    const fileName = fileNameOf(response);
    const file = await context.writeBinary(response.body, {
      mimeType: type.split(";")[0]?.trim() || "application/octet-stream",
      ...(fileName && { fileName }),
    });
    const json = parameters.fullResponse ? full(parameters, response) : {};
    return [{ json, binary: { [parameters.responseField]: file }, pairedItem }];
  }
  const text = decodeBody(response.body, type);
  const body = format === "json" ? parse(text, parameters.responseFormat === "json") : text;
  if (parameters.fullResponse) {
    return [{ json: { [format === "text" ? parameters.responseField : "body"]: body, ...full(parameters, response) }, pairedItem }];
  }
  if (format === "text" || typeof body === "string") return [{ json: { [parameters.responseField]: body }, pairedItem }];
  const list = Array.isArray(body) ? body : [body];
  return list.map((entry) => ({ json: isObject(entry) ? entry : { [parameters.responseField]: entry }, pairedItem }));
}

/** What expressions read as `$response.body`: JSON where it is some, else text; a file's bytes are none of theirs. */
export function bodyOf(parameters: Parameters, response: HttpResponse): Json {
  const type = response.headers["content-type"] ?? "";
  const format = parameters.responseFormat === "auto" ? detect(type) : parameters.responseFormat;
  if (format === "binary") return response.body.length === 0 ? "" : `${response.body.length} bytes`;
  const text = decodeBody(response.body, type);
  return format === "json" && text.trim() !== "" ? parse(text, parameters.responseFormat === "json") : text;
}

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const detect = (type: string): "json" | "text" | "binary" =>
  isJsonType(type) ? "json" : BINARY.test(type.toLowerCase()) ? "binary" : "text";

function full({ lowercaseHeaders }: Parameters, response: HttpResponse): JsonObject {
  const capital = (name: string): string => name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
  const headers = lowercaseHeaders
    ? response.headers
    : Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [capital(name), value]));
  return { headers, statusCode: response.status, statusMessage: response.statusText };
}

/** An empty body is no data rather than broken JSON. */
function parse(text: string, wanted: boolean): Json {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    if (!wanted) return text;
    throw new FatalError(`The response is not valid JSON, though it was to be read as such. It begins: ${text.slice(0, 100)}`);
  }
}

function fileNameOf(response: HttpResponse): string | undefined {
  const disposition = response.headers["content-disposition"] ?? "";
  const encoded = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const name = safeDecode(encoded) ?? plain?.[1] ?? plain?.[2] ?? safeDecode(new URL(response.url).pathname.split("/").at(-1));
  // A name, never a path.
  return name?.split(/[\\/]/).at(-1)?.slice(0, 255) || undefined;
}

function safeDecode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
