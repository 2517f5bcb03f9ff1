import type { Json, JsonObject } from "../item";
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
      const value = renderValue(body, rendering);
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
  }
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
  const body = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return { body, contentType };
}
