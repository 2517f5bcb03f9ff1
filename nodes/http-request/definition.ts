import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { authenticationField, httpCredential, ignoreTlsErrorsField } from "../http-fields";

const pairs = z
  .array(z.object({ name: z.string().default(""), value: z.unknown().optional() }))
  .max(500)
  .default([]);
const format = z.enum(["pairs", "json"]).default("pairs");
const formats = { pairs: "Names and values", json: "JSON" };

const bodyFieldSchema = z.object({
  name: field(z.string().default(""), "Name"),
  type: field(z.enum(["text", "file"]).default("text"), "Type", {
    labels: { text: "Text", file: "File" },
    description: "Files can only be sent as multipart.",
  }),
  value: field(z.unknown().optional(), "Value", { showIf: { type: ["text"] } }),
  file: field(z.string().default("data"), "File", { description: "Name of the item's file.", showIf: { type: ["file"] } }),
});

const paged = { pagination: ["nextUrl", "parameters"] };

const pageTemplate = {
  control: "template",
  expression: false,
  roots: {
    $response: "the page before",
    "$response.body": "its body",
    "$response.headers": "its headers",
    "$response.statusCode": "its status",
    $request: "the request of that page",
    $pageCount: "pages fetched so far",
  },
} as const;

const pageParameterSchema = z.object({
  in: field(z.enum(["query", "header", "body"]).default("query"), "In", { labels: { query: "Query", header: "Headers", body: "Body" } }),
  name: field(z.string().default(""), "Name", { placeholder: "page" }),
  value: field(z.string().default(""), "Value", {
    placeholder: "={{ $pageCount + 1 }}",
    description: "Read before each page; `$pageCount` starts at 0, and `$response` is the page before.",
    ...pageTemplate,
  }),
});

export const httpRequest = defineNode({
  type: "http-request",
  version: 1,
  name: "HTTP Request",
  description: "Calls a URL and gives its answer as items.",
  category: "integration",
  icon: "globe",
  parameters: z.object({
    method: field(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]).default("GET"), "Method"),
    url: field(z.string().default(""), "URL", { placeholder: "https://api.example.com/orders", required: true }),
    authentication: authenticationField(),
    queryFormat: field(format, "Query as", { labels: formats, advanced: true }),
    query: field(pairs, "Query parameters", { control: "keyvalue", showIf: { queryFormat: ["pairs"] } }),
    queryJson: field(z.unknown().default("{}"), "Query parameters", { control: "json", showIf: { queryFormat: ["json"] } }),
    queryArrays: field(z.enum(["repeat", "brackets", "indices"]).default("repeat"), "Lists in the query", {
      labels: { repeat: "a=1&a=2", brackets: "a[]=1&a[]=2", indices: "a[0]=1&a[1]=2" },
      advanced: true,
    }),
    headersFormat: field(format, "Headers as", { labels: formats, advanced: true }),
    headers: field(pairs, "Headers", { control: "keyvalue", showIf: { headersFormat: ["pairs"] } }),
    headersJson: field(z.unknown().default("{}"), "Headers", { control: "json", showIf: { headersFormat: ["json"] } }),
    body: field(z.enum(["none", "json", "form", "multipart", "raw", "binary"]).default("none"), "Body", {
      labels: {
        none: "None",
        json: "JSON",
        form: "Form (URL-encoded)",
        multipart: "Form with files (multipart)",
        raw: "Text",
        binary: "File",
      },
    }),
    bodyFormat: field(format, "Body as", { labels: formats, showIf: { body: ["json", "form"] } }),
    bodyFields: field(z.array(bodyFieldSchema).max(500).default([]), "Body fields", {
      showIf: { body: ["json", "form", "multipart"], bodyFormat: ["pairs"] },
    }),
    bodyJson: field(z.unknown().default("{}"), "JSON body", { control: "json", showIf: { body: ["json", "form"], bodyFormat: ["json"] } }),
    bodyText: field(z.string().default(""), "Body text", { control: "textarea", showIf: { body: ["raw"] } }),
    bodyContentType: field(z.string().default(""), "Content type", { placeholder: "text/plain", showIf: { body: ["raw", "binary"] } }),
    bodyFile: field(z.string().default("data"), "File", { description: "Name of the item's file.", showIf: { body: ["binary"] } }),
    responseFormat: field(z.enum(["auto", "json", "text", "binary"]).default("auto"), "Response as", {
      labels: { auto: "By its content type", json: "JSON", text: "Text", binary: "File" },
      advanced: true,
    }),
    responseField: field(z.string().min(1).default("data"), "Put text or file in", {
      description: "Name of the field or file that takes what is no JSON.",
      advanced: true,
    }),
    fullResponse: field(z.boolean().default(false), "Full response", {
      description: "Adds status and headers; the data is under `body`.",
      advanced: true,
    }),
    neverError: field(z.boolean().default(false), "Never error", { description: "A status of 400 or more is no failure.", advanced: true }),
    followRedirects: field(z.boolean().default(true), "Follow redirects", { advanced: true }),
    maxRedirects: field(z.number().int().min(0).max(50).default(21), "Max redirects", {
      showIf: { followRedirects: [true] },
      advanced: true,
    }),
    timeoutMs: field(z.number().int().min(1).max(3_600_000).default(300_000), "Timeout", {
      description: "Milliseconds for one request.",
      advanced: true,
    }),
    batchSize: field(z.number().int().min(1).max(1000).default(20), "Requests at once", {
      description: "Items whose requests run side by side.",
      advanced: true,
    }),
    batchIntervalMs: field(z.number().int().min(0).max(3_600_000).default(0), "Pause between batches", {
      description: "Milliseconds.",
      advanced: true,
    }),
    pagination: field(z.enum(["off", "nextUrl", "parameters"]).default("off"), "Pagination", {
      labels: { off: "Off", nextUrl: "The answer says the next page's URL", parameters: "Something changes from page to page" },
      description: "Asks for page after page; the items of all pages go out.",
      advanced: true,
    }),
    nextUrl: field(z.string().default(""), "Next URL", {
      placeholder: "={{ $response.body.next }}",
      description: "An expression over `$response` (`body`, `headers`, `statusCode`), `$request` and `$pageCount`. Nothing there ends it.",
      ...pageTemplate,
      showIf: { pagination: ["nextUrl"] },
      required: true,
      advanced: true,
    }),
    pageParameters: field(z.array(pageParameterSchema).max(50).default([]), "What changes", {
      showIf: { pagination: ["parameters"] },
      advanced: true,
    }),
    paginationCompleteWhen: field(z.enum(["responseIsEmpty", "statusCodes", "expression"]).default("responseIsEmpty"), "Last page", {
      labels: { responseIsEmpty: "An answer is empty", statusCodes: "A status code says so", expression: "An expression says so" },
      showIf: paged,
      advanced: true,
    }),
    completeStatusCodes: field(z.string().default(""), "Status codes", {
      placeholder: "404, 204",
      showIf: { ...paged, paginationCompleteWhen: ["statusCodes"] },
      advanced: true,
    }),
    completeExpression: field(z.string().default(""), "The last page is reached when", {
      placeholder: "={{ $response.body.items.length < 100 }}",
      description: "Read after each page; `$pageCount` is the number of pages fetched so far.",
      ...pageTemplate,
      showIf: { ...paged, paginationCompleteWhen: ["expression"] },
      advanced: true,
    }),
    limitPages: field(z.boolean().default(false), "Limit the pages", { showIf: paged, advanced: true }),
    maxPages: field(z.number().int().min(1).max(10_000).default(100), "Max pages", {
      showIf: { ...paged, limitPages: [true] },
      advanced: true,
    }),
    pageIntervalMs: field(z.number().int().min(0).max(3_600_000).default(0), "Pause between pages", {
      description: "Milliseconds.",
      showIf: paged,
      advanced: true,
    }),
    lowercaseHeaders: field(z.boolean().default(true), "Header names in lower case", { advanced: true }),
    ignoreTlsErrors: ignoreTlsErrorsField,
    idempotencyKey: field(z.boolean().default(true), "Send an idempotency key", {
      description:
        "Methods that change something carry an Idempotency-Key header, the same in every retry, so that a careful server acts once.",
      advanced: true,
    }),
  }),
  credentials: httpCredential,
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: ({ method }: JsonObject): Effect => (READING.has(method ?? "GET") ? "read" : "write"),
  // That the key is sent does not say that the server minds it.
  repeatable: ({ method }: JsonObject): boolean => REPEATABLE.has(method),
  sample: [{ id: 1, name: "Ada" }],
});

/** An expression as method counts as writing: what it will be is not known beforehand. */
const READING: ReadonlySet<unknown> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Twice is as once, by their definition. */
const REPEATABLE: ReadonlySet<unknown> = new Set(["PUT", "DELETE"]);
