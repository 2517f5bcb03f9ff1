import { z } from "zod";
import type { Json } from "../item";
import type { Effect } from "../node/define-node";
import { inputSchemaSchema } from "./input-schema";

/** Names that stay: flows refer to tools and actions by them. */
export const keySchema = z
  .string()
  .min(1, "must not be empty")
  .max(120)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, "must be made of small letters, digits, - and _, and begin with a letter or digit");

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, "is not a header name");
/** Header values are one line: a line break would begin another header. */
const headerValue = z
  .string()
  .max(8000)
  .refine((text) => !/[\r\n\0]/.test(text), "must not have a line break");
const headersSchema = z.record(headerName, headerValue).refine((headers) => Object.keys(headers).length <= 100, "has too many headers");

/** How calls of a tool prove who they are. The secrets themselves are in credentials. */
export const toolAuthSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("none") }),
  z.object({
    type: z.literal("apiKey"),
    in: z.enum(["header", "query"]).default("header"),
    name: z.string().min(1).max(200).default("X-API-Key"),
    /** Text before the key: `Token `. */
    prefix: z
      .string()
      .max(50)
      .refine((text) => !/[\r\n]/.test(text), "must not have a line break")
      .optional(),
  }),
  z.object({ type: z.literal("basic") }),
  z.object({ type: z.literal("bearer") }),
  z.object({
    type: z.literal("oauth2"),
    /** A provider that this installation knows, or the addresses of another. */
    provider: z.string().max(100).optional(),
    authorizationUrl: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    tokenUrl: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    scopes: z.array(z.string().max(200)).max(200).optional(),
  }),
  z.object({ type: z.literal("custom"), headers: headersSchema }),
]);
export type ToolAuth = z.infer<typeof toolAuthSchema>;

/** `api.example.com`, with a port where it is not the protocol's own. */
const hostSchema = z
  .string()
  .max(260)
  .regex(/^[a-z0-9*]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i, "is not a host: write api.example.com or localhost:8080")
  .transform((host) => host.toLowerCase());

/** What is before the first slash of a URL holds no input: where a call goes is the tool's to say. */
export const baseUrlSchema = z
  .string()
  .trim()
  .max(2000)
  .superRefine((text, context) => {
    const refuse = (message: string): void => context.addIssue({ code: "custom", message });
    if (!/^https?:\/\/\S+$/i.test(text)) return refuse("must be a URL that begins with https:// or http://");
    if (/\{\{\s*inputs\./.test(text)) return refuse("must not contain an input: where a call goes is the tool's to say");
    const filled = text.replaceAll(/\{\{[^}]*\}\}/g, "x");
    if (!URL.canParse(filled)) return refuse("is not a URL");
    const url = new URL(filled);
    if (url.username || url.password) refuse("must not contain a user or password: they belong into a credential");
    if (url.search || url.hash) refuse("must not have a query or a fragment");
  });

export const toolSchema = z.object({
  key: keySchema,
  name: z.string().trim().min(1).max(200),
  description: z.string().max(4000).optional(),
  baseUrl: baseUrlSchema,
  auth: toolAuthSchema.default({ type: "none" }),
  /** Name of a lucide icon, or the address of an image. */
  icon: z.string().max(500).optional(),
  /** Hosts beside the base URL's that actions may call. */
  allowedHosts: z.array(hostSchema).max(50).default([]),
});
/** A registered API. */
export type ToolDefinition = z.infer<typeof toolSchema>;

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
export type Method = (typeof METHODS)[number];

/** Places of an endpoint that are not those of the address: no line breaks, no backslash that some read as a slash. */
const endpointSchema = z
  .string()
  .trim()
  .max(4000)
  .refine((text) => !/[\r\n\t\0\\]/.test(text), "must not have a line break or a backslash")
  .refine((text) => text === "" || /^(\/|\?|https?:\/\/|[^/:?#]+(\/|$|\?))/.test(text), 'must be a path such as "/orders/{id}"')
  .refine((text) => !text.startsWith("//"), 'must not begin with "//": that would be another host')
  .refine((text) => !/^https?:\/\/[^/?#]*(\{|@)/i.test(text), "must name its host in full: where a call goes is not for inputs to say")
  .default("");

export const BODY_TYPES = ["none", "json", "form", "multipart", "text", "binary"] as const;
/** How lists and objects are written in a query: `a=1&a=2`, `a=1,2`, `a[]=1`, `a[0]=1`, … */
export const QUERY_STYLES = ["repeat", "comma", "space", "pipe", "brackets", "indices", "json"] as const;
export type QueryStyle = (typeof QUERY_STYLES)[number];

const jsonSchema = z.custom<Json>((value) => value !== undefined, "must be JSON");
const styles = z.record(z.string(), z.enum(QUERY_STYLES));

export const actionSchema = z.object({
  key: keySchema,
  name: z.string().trim().min(1).max(300),
  description: z.string().max(10_000).optional(),
  /** What it is listed under. */
  group: z.string().max(200).optional(),
  method: z.enum(METHODS).default("GET"),
  /** Path below the base URL, with `{name}` for path parameters; a whole URL only of a host that the tool allows. */
  endpoint: endpointSchema,
  headers: headersSchema.default({}),
  query: z.record(z.string().min(1).max(300), jsonSchema).default({}),
  queryStyles: styles.optional(),
  /** Absent: inputs that nothing else names are sent, as JSON or, where the method has no body, in the query. */
  bodyType: z.enum(BODY_TYPES).optional(),
  body: jsonSchema.optional(),
  /** How lists are written in a form. */
  formStyle: z.enum(["repeat", "brackets", "indices"]).optional(),
  contentType: headerValue.optional(),
  inputSchema: inputSchemaSchema.default([]),
  /** Whether a call changes something there; by the method when absent. */
  effect: z.enum(["read", "write"]).optional(),
  /** An answer as the service documents it. */
  sample: jsonSchema.optional(),
  deprecated: z.boolean().optional(),
});
/** One thing that a tool can do: a request with inputs. */
export type ActionDefinition = z.infer<typeof actionSchema>;

/** GET and HEAD only look, unless the action says otherwise. */
export const actionEffect = ({ method, effect }: Pick<ActionDefinition, "method" | "effect">): Exclude<Effect, "pure"> =>
  effect ?? (method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write");

/** A tool with its actions, as files and catalogs hold it. */
export interface CatalogTool extends ToolDefinition {
  actions: ActionDefinition[];
}

/** An action with the tool that it is of, ready to be called. */
export interface ResolvedAction extends ActionDefinition {
  tool: ToolDefinition & { id?: string };
  /** Counts the changes of the action. */
  version: number;
}
