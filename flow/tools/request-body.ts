import { FatalError } from "../execution/errors";
import type { Json, JsonObject } from "../item";
import { base64, emailMessage, toBase64Url } from "./email-message";
import { asText, onlyInput, type Rendering, renderText, renderValue } from "./render";
import type { ActionDefinition } from "./schema";
import { parseTemplate } from "./templates";

/** A file that an input stands for. */
export interface FileValue {
  bytes: Uint8Array;
  fileName: string;
  mimeType: string;
}

export interface RequestBody {
  body?: string | Uint8Array;
  contentType?: string;
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

export function buildBody(
  action: ActionDefinition,
  rendering: Rendering,
  files: Readonly<Record<string, FileValue>>,
  nonce: string,
): RequestBody {
  const { body = {}, contentType } = action;
  switch (action.bodyType ?? "json") {
    case "none":
      return {};
    case "json": {
      const value = renderValue(body, { ...rendering, special: (template) => encoded(template, rendering, files, nonce) });
      return value === undefined ? {} : { body: JSON.stringify(value), contentType: contentType ?? "application/json" };
    }
    case "text": {
      const text = typeof body === "string" ? renderText(parseTemplate(body), rendering) : asText(renderValue(body, rendering));
      return text === "" ? {} : { body: text, contentType: contentType ?? "text/plain" };
    }
    case "form": {
      const value = renderValue(body, rendering);
      const form = new URLSearchParams();
      for (const [name, text] of formEntries(value, action.formStyle ?? "repeat")) form.append(name, text);
      return { body: form.toString(), contentType: "application/x-www-form-urlencoded" };
    }
    case "binary": {
      const name = typeof body === "string" ? onlyInput(parseTemplate(body))?.path[0] : undefined;
      const file = name === undefined ? undefined : files[name];
      if (file) return { body: file.bytes, contentType: contentType ?? file.mimeType };
      const value = renderValue(body, rendering);
      if (value === undefined) return {};
      return { body: asText(value), contentType: contentType ?? "application/octet-stream" };
    }
    case "multipart":
      return multipart(body, rendering, files, nonce);
    case "related":
      return related(body, rendering, files, nonce);
  }
}

/**
 * What JSON has no words for: `{ "$email": { to, subject, … } }` is that message in the format of mail as base64url,
 * `{ "$base64": "text" }` a text as base64 and `{ "$base64": { "file": "input" } }` the file of an input.
 */
function encoded(
  template: JsonObject,
  rendering: Rendering,
  files: Readonly<Record<string, FileValue>>,
  nonce: string,
): { value: Json | undefined } | null {
  const { $email: email, $base64: plain } = template;
  if (isObject(email)) return { value: toBase64Url(emailMessage(renderValue(email, rendering) as JsonObject, files, nonce)) };
  if (plain === undefined) return null;
  if (isObject(plain)) {
    const file = typeof plain.file === "string" && Object.hasOwn(files, plain.file) ? files[plain.file] : undefined;
    return { value: file && base64(file.bytes) };
  }
  const text = renderValue(plain, rendering);
  return { value: text === undefined ? undefined : base64(new TextEncoder().encode(asText(text))) };
}

/** `a[b]=c` for objects, whatever the style; lists as the style says. */
function formEntries(value: Json | undefined, style: "repeat" | "brackets" | "indices", prefix = ""): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => {
      const suffix = style === "repeat" && !isObject(entry) ? "" : style === "brackets" && !isObject(entry) ? "[]" : `[${index}]`;
      return formEntries(entry, style, `${prefix}${suffix}`);
    });
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, entry]) => formEntries(entry, style, prefix === "" ? key : `${prefix}[${key}]`));
  }
  return [[prefix || "value", asText(value)]];
}

const quoted = (text: string): string => `"${text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}"`;

function multipart(template: Json, rendering: Rendering, files: Readonly<Record<string, FileValue>>, nonce: string): RequestBody {
  const boundary = `----tolstoy-form-${nonce}`;
  const chunks: Uint8Array[] = [];
  let hasFile = false;
  const write = (text: string): void => void chunks.push(new TextEncoder().encode(text));
  for (const [name, value] of isObject(template) ? Object.entries(template) : []) {
    const input = typeof value === "string" ? onlyInput(parseTemplate(value))?.path[0] : undefined;
    const file = input === undefined ? undefined : files[input];
    if (file) {
      hasFile = true;
      const type = file.mimeType.replace(/[\r\n]/g, "");
      write(
        `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}; filename=${quoted(file.fileName)}\r\nContent-Type: ${type}\r\n\r\n`,
      );
      chunks.push(file.bytes);
      write("\r\n");
      continue;
    }
    const rendered = renderValue(value, rendering);
    if (rendered === undefined || rendered === null) continue;
    for (const entry of Array.isArray(rendered) ? rendered : [rendered]) {
      write(`--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${asText(entry)}\r\n`);
    }
  }
  write(`--${boundary}--\r\n`);
  const contentType = `multipart/form-data; boundary=${boundary}`;
  // Without files it stays text, in which the client can put secrets.
  if (!hasFile) return { body: chunks.map((chunk) => new TextDecoder().decode(chunk)).join(""), contentType };
  return { body: joined(chunks), contentType };
}

/** What is known of a file as JSON, and the file. */
function related(template: Json, rendering: Rendering, files: Readonly<Record<string, FileValue>>, nonce: string): RequestBody {
  const { metadata = {}, file: named = "" } = isObject(template) ? template : {};
  const input = typeof named === "string" ? onlyInput(parseTemplate(named))?.path[0] : undefined;
  const file = input === undefined ? undefined : files[input];
  if (!file) throw new FatalError("There is no file to send");
  const boundary = `----tolstoy-part-${nonce}`;
  const text = (part: string): Uint8Array => new TextEncoder().encode(part);
  const known = JSON.stringify(renderValue(metadata, rendering) ?? {});
  const type = file.mimeType.replace(/[\r\n]/g, "");
  return {
    body: joined([
      text(
        `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${known}\r\n--${boundary}\r\nContent-Type: ${type}\r\n\r\n`,
      ),
      file.bytes,
      text(`\r\n--${boundary}--\r\n`),
    ]),
    contentType: `multipart/related; boundary=${boundary}`,
  };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
