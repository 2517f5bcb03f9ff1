import { z } from "zod";
import { parseBoundHost } from "@/flow/credentials/hosts";

const address = z.url({ protocol: /^https?$/, error: "must be a URL that begins with https://" }).max(2000);

/** What a configuration says differently from its provider. Everything can be said. */
export const endpointsSchema = z.object({
  /** An OpenID provider or authorization server that publishes its endpoints. */
  issuer: address.optional(),
  authorizationEndpoint: address.optional(),
  tokenEndpoint: address.optional(),
  revocationEndpoint: address.optional(),
  /** Hosts that tokens may be sent to. */
  hosts: z
    .array(
      z
        .string()
        .max(300)
        .refine((host) => parseBoundHost(host) !== null, "is not a host: write api.example.com or *.example.com"),
    )
    .max(50)
    .optional(),
  /** Microsoft's directory; `common` without one. */
  tenant: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "is not a tenant")
    .optional(),
  /** `client_credentials`: the organization's own access, no person is asked. */
  grant: z.enum(["authorization_code", "client_credentials"]).optional(),
  clientAuth: z.enum(["basic", "body"]).optional(),
  pkce: z.boolean().optional(),
  scopeSeparator: z.enum([" ", ","]).optional(),
  /** Added to the authorization URL, or to the token request of `client_credentials`. */
  parameters: z.record(z.string().max(100), z.string().max(1000)).optional(),
});
export type Endpoints = z.infer<typeof endpointsSchema>;
