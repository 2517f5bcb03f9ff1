import { z } from "zod";
import type { Json, JsonObject } from "../item";
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

/** `related` is a JSON part `metadata` followed by a part `file`, as Google's uploads want them. */
export const BODY_TYPES = ["none", "json", "form", "multipart", "related", "text", "binary"] as const;
/** How lists and objects are written in a query: `a=1&a=2`, `a=1,2`, `a[]=1`, `a[0]=1`, … */
export const QUERY_STYLES = ["repeat", "comma", "space", "pipe", "brackets", "indices", "json"] as const;
export type QueryStyle = (typeof QUERY_STYLES)[number];

const jsonSchema = z.custom<Json>((value) => value !== undefined, "must be JSON");
const styles = z.record(z.string(), z.enum(QUERY_STYLES));

/** Where something stands in a JSON answer: `data.items`, `errors.0.message`, or its parts where a name has a dot in it. */
const answerPathSchema = z.union([z.string().max(300), z.array(z.string().max(300)).max(20)]);
export type AnswerPath = z.infer<typeof answerPathSchema>;

/** How an answer with a good status says that the call failed all the same. */
export const failureSchema = z.object({
  path: answerPathSchema,
  /** The call failed when the value is this one; absent: when there is one that is neither null, false nor empty. */
  equals: jsonSchema.optional(),
  /** Where the reason stands; the first that is there. */
  message: z.array(answerPathSchema).max(10).default([]),
  /** Reasons after which the call may be tried again. */
  retriable: z.array(z.string().max(200)).max(50).default([]),
});

const responseSchema = z.object({
  format: z.enum(["auto", "json", "text", "binary"]).optional(),
  /** What of the answer becomes items; the answer itself when absent. */
  items: answerPathSchema.optional(),
  /** `table`: a list of rows, the first of which names the columns. */
  as: z.enum(["list", "table"]).optional(),
  failure: failureSchema.optional(),
});

const place = {
  in: z.enum(["query", "body"]).default("query"),
  /** Query parameter, or dotted path in a JSON body. */ name: z.string().min(1).max(300),
};

/** How the next page is asked for. The pages' items are those of `response.items`. */
export const paginationSchema = z.discriminatedUnion("type", [
  /** By a value of the answer; there are no more pages when it is missing, null or empty, or when `more` is there and false. */
  z.object({ type: z.literal("cursor"), path: answerPathSchema, more: answerPathSchema.optional(), ...place }),
  /** By its number, until a page has fewer items than the parameter `size` asked for, or none. */
  z.object({ type: z.literal("page"), first: z.number().int().default(1), size: z.string().max(300).optional(), ...place }),
  /** By how many items came before. */
  z.object({ type: z.literal("offset"), size: z.string().max(300).optional(), ...place }),
  /** By a field of the page's last item, until `more` is false or a page has fewer than `size`. */
  z.object({
    type: z.literal("last"),
    field: answerPathSchema,
    more: answerPathSchema.optional(),
    size: z.string().max(300).optional(),
    ...place,
  }),
  /** By the header `Link` with `rel="next"`. */
  z.object({ type: z.literal("link") }),
  /** By the whole address in the answer. */
  z.object({ type: z.literal("url"), path: answerPathSchema }),
]);

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
  /** Header by which the service tells a repeated call from a new one: the call may be repeated when its outcome is not known. */
  idempotencyHeader: headerName.optional(),
  response: responseSchema.optional(),
  /** Absent: an answer is whole. */
  pagination: paginationSchema.optional(),
  /** Of an OAuth token, beside what every call of the tool needs. */
  scopes: z.array(z.string().max(200)).max(50).optional(),
  /** An answer as the service documents it. */
  sample: jsonSchema.optional(),
  deprecated: z.boolean().optional(),
});
/** One thing that a tool can do: a request with inputs. */
export type ActionDefinition = z.infer<typeof actionSchema>;

/** GET and HEAD only look, unless the action says otherwise. */
export const actionEffect = ({ method, effect }: Pick<ActionDefinition, "method" | "effect">): Exclude<Effect, "pure"> =>
  effect ?? (method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write");

/** Whether a call may be made again when nobody saw how it ended. */
export const isRepeatableAction = (action: Pick<ActionDefinition, "method" | "effect" | "idempotencyHeader">): boolean =>
  actionEffect(action) === "read" || action.idempotencyHeader !== undefined;

/** A tool with its actions, as files and catalogs hold it. */
export interface CatalogTool extends ToolDefinition {
  actions: ActionDefinition[];
  /** The call that shows whether a credential works: one that only looks and that every credential may make. */
  test?: { action: string; inputs?: JsonObject };
}

/** An action with the tool that it is of, ready to be called. */
export interface ResolvedAction extends ActionDefinition {
  tool: ToolDefinition & { id?: string };
  /** Counts the changes of the action. */
  version: number;
}
