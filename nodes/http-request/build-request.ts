import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Binary, Item, JsonObject } from "@/flow/item";
import type { HttpRequest, NodeContext } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { parseJson, parseJsonObject } from "../json-parameter";
import type { httpRequest } from "./definition";

export type Parameters = z.infer<typeof httpRequest.parameters>;

const CHANGES: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
export const asText = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value ?? "") : String(value ?? "");

/** The request that one item asks for. */
export async function buildRequest(context: NodeContext<Parameters>, itemIndex: number): Promise<HttpRequest> {
  const parameters = context.parameters(itemIndex);
  const item = context.items[itemIndex] as Item;
  const { body, contentType } = await buildBody(context, parameters, item, itemIndex);
  const headers = buildHeaders(parameters, itemIndex);
  const has = (name: string): boolean => Object.keys(headers).some((each) => each.toLowerCase() === name);
  if (contentType && !has("content-type")) headers["content-type"] = contentType;
  if (!has("accept") && parameters.responseFormat !== "text" && parameters.responseFormat !== "binary") {
    headers.accept =
      parameters.responseFormat === "json"
        ? "application/json,text/*;q=0.99"
        : "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7";
  }
  if (parameters.idempotencyKey && CHANGES.has(parameters.method) && !has("idempotency-key")) {
    headers["idempotency-key"] = context.idempotencyKey(itemIndex);
  }
  return {
    method: parameters.method,
    url: buildUrl(parameters, itemIndex),
    headers,
    ...(parameters.authentication === "credential" && { credential: "credential" }),
    ...(body !== undefined && { body }),
    timeoutMs: parameters.timeoutMs,
    followRedirects: parameters.followRedirects,
    maxRedirects: parameters.maxRedirects,
    ignoreTlsErrors: parameters.ignoreTlsErrors,
  };
}

function buildUrl(parameters: Parameters, itemIndex: number): string {
  const text = parameters.url.trim();
  if (text === "") throw new ParameterError("url", "is empty: say what to call", itemIndex);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ParameterError("url", `"${text.slice(0, 200)}" is not a valid URL: it must begin with http:// or https://`, itemIndex);
  }
  const entries: [string, unknown][] =
    parameters.queryFormat === "json"
      ? Object.entries(parseJsonObject(parameters.queryJson, "queryJson", itemIndex))
      : parameters.query.filter(({ name }) => name !== "").map(({ name, value }) => [name, value]);
  for (const [name, value] of entries) {
    if (!Array.isArray(value)) url.searchParams.append(name, asText(value));
    else {
      value.forEach((entry, index) => {
        const suffix = { repeat: "", brackets: "[]", indices: `[${index}]` }[parameters.queryArrays];
        url.searchParams.append(`${name}${suffix}`, asText(entry));
      });
    }
  }
  return entries.length > 0 ? url.href : text;
}

function buildHeaders(parameters: Parameters, itemIndex: number): Record<string, string> {
  const entries: [string, unknown][] =
    parameters.headersFormat === "json"
      ? Object.entries(parseJsonObject(parameters.headersJson, "headersJson", itemIndex))
      : parameters.headers.filter(({ name }) => name !== "").map(({ name, value }) => [name, value]);
  return Object.fromEntries(entries.map(([name, value]) => [name, asText(value)]));
}

interface Body {
  body?: string | Uint8Array;
  contentType?: string;
}

async function buildBody(context: NodeContext<Parameters>, parameters: Parameters, item: Item, itemIndex: number): Promise<Body> {
  switch (parameters.body) {
    case "none":
      return {};
    case "json": {
      const json = parameters.bodyFormat === "json" ? parseJson(parameters.bodyJson, "bodyJson", itemIndex) : fieldsAsJson(parameters);
      return { body: JSON.stringify(json), contentType: "application/json" };
    }
    case "form": {
      const values =
        parameters.bodyFormat === "json" ? parseJsonObject(parameters.bodyJson, "bodyJson", itemIndex) : fieldsAsJson(parameters);
      const form = new URLSearchParams();
      for (const [name, value] of Object.entries(values)) {
        for (const entry of Array.isArray(value) ? value : [value]) form.append(name, asText(entry));
      }
      return { body: form.toString(), contentType: "application/x-www-form-urlencoded" };
    }
    case "multipart":
      return multipart(context, parameters, item, itemIndex);
    case "raw":
      return { body: parameters.bodyText, contentType: parameters.bodyContentType || "text/plain" };
    case "binary": {
      const file = fileOf(item, parameters.bodyFile, "bodyFile", itemIndex);
      return { body: await context.readBinary(file), contentType: parameters.bodyContentType || file.mimeType };
    }
  }
}

const fieldsAsJson = ({ bodyFields }: Parameters): JsonObject =>
  bodyFields
    .filter(({ name, value }) => name !== "" && value !== undefined)
    .reduce<JsonObject>((json, { name, value }) => setField(json, name, value as JsonObject), {});

function fileOf(item: Item, name: string, field: string, itemIndex: number): Binary {
  const file = item.binary?.[name];
  if (file) return file;
  const names = Object.keys(item.binary ?? {});
  throw new ParameterError(
    field,
    `the item has no file "${name}" (${names.length > 0 ? `it has: ${names.join(", ")}` : "it has none"})`,
    itemIndex,
  );
}

async function multipart(context: NodeContext<Parameters>, parameters: Parameters, item: Item, itemIndex: number): Promise<Body> {
  const boundary = `----tolstoy${randomUUID().replaceAll("-", "")}`;
  const chunks: Uint8Array[] = [];
  // Names go between quotes: what would end them is written as browsers write it.
  const quoted = (text: string): string => `"${text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}"`;
  for (const [index, { name, type, value, file: fileName }] of parameters.bodyFields.entries()) {
    if (name === "") continue;
    if (type === "text") {
      chunks.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${asText(value)}\r\n`));
      continue;
    }
    const file = fileOf(item, fileName, `bodyFields[${index}].file`, itemIndex);
    const disposition = `form-data; name=${quoted(name)}; filename=${quoted(file.fileName ?? fileName)}`;
    const mimeType = file.mimeType.replace(/[\r\n]/g, "");
    chunks.push(Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${mimeType}\r\n\r\n`));
    chunks.push(await context.readBinary(file), Buffer.from("\r\n"));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { body: Buffer.concat(chunks), contentType: `multipart/form-data; boundary=${boundary}` };
}
