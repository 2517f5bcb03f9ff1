import { z } from "zod";

const name = z.string().trim().min(1).max(200);
const headerName = name.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is not a header name");

/** A part of the request that a field's value becomes. */
const placementSchema = z.object({
  in: z.enum(["header", "query"]),
  /** Header or query parameter. */
  name: headerName,
  /** Field that gives the value. */
  field: name,
  /** Before the value: `Token `, `Bearer `. */
  prefix: z.string().max(100).default(""),
});
export type Placement = z.infer<typeof placementSchema>;

/** How a credential goes into a request. Nothing in here is secret. */
export const credentialSettingsSchema = z.object({
  /** For API keys and custom credentials. An API key without any goes into the header `X-API-Key`; a custom one into none. */
  placements: z.array(placementSchema).max(20).optional(),
  /** Kind of server that it is for (`CREDENTIAL_KINDS`): says which fields it has and how it is tried. */
  kind: z.string().max(50).optional(),
  /** A request that shows whether the credential works. */
  test: z.object({ method: z.enum(["GET", "POST", "HEAD"]).default("GET"), url: z.url({ protocol: /^https?$/ }).max(2000) }).optional(),
});
export type CredentialSettings = z.infer<typeof credentialSettingsSchema>;

/** Where an API key goes when nothing else was said. */
export const DEFAULT_PLACEMENT: Placement = { in: "header", name: "X-API-Key", field: "api_key", prefix: "" };
