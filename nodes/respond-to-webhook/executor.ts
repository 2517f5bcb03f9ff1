import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json } from "@/flow/item";
import type { NodeExecutor, WebhookResponse } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { parseJson } from "../json-parameter";
import type { respondToWebhook } from "./definition";

type Parameters = z.infer<typeof respondToWebhook.parameters>;

const JSON_TYPE = "application/json; charset=utf-8";
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export const execute: NodeExecutor<Parameters> = ({ items, parameters }) => {
  const outputs = [items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
  return { outputs, response: answer(parameters(0), items) };
};

function answer(parameters: Parameters, items: readonly Item[]): WebhookResponse {
  const { body, type, status, location } = content(parameters, items);
  const headers: Record<string, string> = { ...(type && { "content-type": type }), ...(location && { location }) };
  for (const [index, { name, value }] of parameters.headers.entries()) {
    if (name === "" && value === "") continue;
    if (!HEADER_NAME.test(name)) throw new ParameterError(`headers[${index}].name`, `"${name}" is not a header name`);
    if (/[\r\n\0]/.test(value)) throw new ParameterError(`headers[${index}].value`, "has a line break in it");
    headers[name.toLowerCase()] = value;
  }
  return { status: parameters.status ?? status, headers, body };
}

interface Content {
  body: string;
  status: number;
  type?: string;
  location?: string;
}

function content(parameters: Parameters, items: readonly Item[]): Content {
  const asJson = (value: Json): Content => {
    const keyed = parameters.responseKey === "" ? value : setField({}, parameters.responseKey, value);
    return { body: JSON.stringify(keyed), type: JSON_TYPE, status: 200 };
  };
  switch (parameters.respondWith) {
    case "firstItem":
      return asJson(items[0]?.json ?? {});
    case "allItems":
      return asJson(items.map((item) => item.json));
    case "json":
      return { body: JSON.stringify(parseJson(parameters.json, "json", 0)), type: JSON_TYPE, status: 200 };
    case "text":
      return { body: parameters.text, type: "text/plain; charset=utf-8", status: 200 };
    case "redirect":
      return { body: "", status: 302, location: redirectTarget(parameters.redirectUrl) };
    case "noData":
      return { body: "", status: 204 };
  }
}

function redirectTarget(text: string): string {
  try {
    const url = new URL(text.trim());
    if (url.protocol === "http:" || url.protocol === "https:") return url.href;
  } catch {
    // Told below.
  }
  throw new ParameterError(
    "redirectUrl",
    text.trim() === "" ? "is empty: say where to" : `"${text.slice(0, 200)}" is not an http or https URL`,
  );
}
