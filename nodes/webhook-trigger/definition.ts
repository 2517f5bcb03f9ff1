import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type HandleSpec } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const answersLater = { responseMode: ["lastNode"] };
const jwt = { authentication: ["jwt"] };
const signed = { authentication: ["hmac"] };

const SHARED_KEY_ALGORITHMS = ["HS256", "HS384", "HS512"] as const;
const PUBLIC_KEY_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] as const;

/** Whether a call is checked with a secret that both sides know. */
export const needsSecret = ({ authentication, jwtAlgorithm }: { authentication: string; jwtAlgorithm: string }): boolean =>
  authentication === "jwt" ? SHARED_KEY_ALGORITHMS.some((algorithm) => algorithm === jwtAlgorithm) : authentication !== "none";

/** A header's name, as HTTP allows it. */
const headerName = (initial: string) =>
  z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]*$/, "is not a header's name")
    .default(initial);

export const webhookTrigger = defineNode({
  type: "webhook-trigger",
  version: 1,
  name: "Webhook",
  description: "Starts the flow when its URL is called.",
  category: "trigger",
  icon: "webhook",
  parameters: z.object({
    methods: field(
      z
        .array(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]))
        .min(1)
        .default(["POST"]),
      "Methods",
      {
        description: "Calls with any other method are answered with 405.",
      },
    ),
    outputPerMethod: field(z.boolean().default(false), "One output for each method", {
      description: "A call leaves by the output of its method.",
      advanced: true,
    }),
    path: field(
      z
        .string()
        .max(500)
        .regex(/^\/?(?::[A-Za-z_]\w*|[\w.~-]+)?(?:\/(?::[A-Za-z_]\w*|[\w.~-]+))*\/?$/, "is no path like orders/:orderId")
        .default(""),
      "Path",
      {
        description: "What follows its URL. A part that begins with a colon is a parameter: orders/:orderId gives params.orderId.",
        placeholder: "orders/:orderId",
        expression: false,
      },
    ),
    responseMode: field(z.enum(["immediately", "lastNode", "respondNode"]).default("immediately"), "Respond", {
      description: "When the caller gets its answer.",
      labels: { immediately: "Immediately", lastNode: "When the last node finishes", respondNode: "Using a Respond to Webhook node" },
    }),
    responseData: field(z.enum(["firstItem", "allItems", "noBody"]).default("firstItem"), "Response data", {
      labels: { firstItem: "First item, as JSON", allItems: "All items, as a JSON list", noBody: "No body" },
      showIf: answersLater,
    }),
    responseCode: field(z.number().int().min(100).max(599).default(200), "Response code", {
      description: "HTTP status of the answer.",
      showIf: { responseMode: ["immediately", "lastNode"] },
    }),
    responseHeaders: field(
      z.array(z.object({ name: z.string().default(""), value: z.string().default("") })).default([]),
      "Response headers",
      {
        control: "keyvalue",
        showIf: { responseMode: ["immediately", "lastNode"] },
      },
    ),
    authentication: field(z.enum(["none", "header", "basic", "jwt", "hmac"]).default("none"), "Authentication", {
      description: "What a call must prove before it starts anything. The secret is kept apart from the flow: set it above.",
      labels: { none: "None", header: "Secret in a header", basic: "Basic (user and password)", jwt: "JWT", hmac: "Signature (HMAC)" },
    }),
    headerName: field(headerName("X-API-Key"), "Header", {
      description: "Its value must be the secret.",
      expression: false,
      showIf: { authentication: ["header"] },
    }),
    username: field(z.string().max(200).default(""), "User", { expression: false, showIf: { authentication: ["basic"] } }),
    jwtAlgorithm: field(z.enum([...SHARED_KEY_ALGORITHMS, ...PUBLIC_KEY_ALGORITHMS]).default("HS256"), "Algorithm", { showIf: jwt }),
    jwtPublicKey: field(z.string().max(20_000).default(""), "Public key (PEM)", {
      control: "textarea",
      expression: false,
      placeholder: "-----BEGIN PUBLIC KEY-----",
      showIf: { ...jwt, jwtAlgorithm: [...PUBLIC_KEY_ALGORITHMS] },
    }),
    jwtIssuer: field(z.string().max(500).default(""), "Issuer", { description: "Empty: any.", expression: false, showIf: jwt }),
    jwtAudience: field(z.string().max(500).default(""), "Audience", { description: "Empty: any.", expression: false, showIf: jwt }),
    signatureHeader: field(headerName("X-Hub-Signature-256"), "Signature header", { expression: false, showIf: signed }),
    signatureAlgorithm: field(z.enum(["sha256", "sha1", "sha512"]).default("sha256"), "Algorithm", {
      labels: { sha256: "SHA-256", sha1: "SHA-1", sha512: "SHA-512" },
      showIf: signed,
    }),
    signatureEncoding: field(z.enum(["hex", "base64"]).default("hex"), "Encoding", {
      labels: { hex: "Hexadecimal", base64: "Base64" },
      showIf: signed,
    }),
    signaturePrefix: field(z.string().max(50).default("sha256="), "Prefix", {
      description: "What stands before the signature in its header: sha256= at GitHub, v0= at Slack, v1= at Stripe.",
      expression: false,
      showIf: signed,
    }),
    signedText: field(
      z
        .string()
        .max(500)
        .regex(/\{body\}/, "must contain {body}")
        .default("{body}"),
      "What is signed",
      {
        description: "{body}, {timestamp} and {header:Name} stand for parts of the call: v0:{timestamp}:{body} at Slack.",
        expression: false,
        showIf: signed,
      },
    ),
    timestampHeader: field(headerName(""), "Timestamp header", {
      description: "Where {timestamp} comes from; empty: t= in the signature's header, as at Stripe.",
      expression: false,
      showIf: signed,
    }),
    toleranceSeconds: field(z.number().int().min(1).max(86_400).default(300), "Tolerance in seconds", {
      description: "How far {timestamp} may be from now.",
      showIf: signed,
    }),
    allowedOrigins: field(z.string().max(2000).default(""), "Allowed origins", {
      description:
        "Web pages that may call it from a browser: https://example.com, several with commas, or * for all. Empty: no other page.",
      expression: false,
      advanced: true,
    }),
    rawBody: field(z.boolean().default(false), "Keep the raw body", {
      description: "The bytes as they came, as the binary field data.",
      advanced: true,
    }),
  }),
  inputs: [],
  outputs: webhookOutputs,
  effect: "pure",
  trigger: "webhook",
  sample: [{ method: "POST", headers: { "content-type": "application/json" }, params: {}, query: {}, body: { name: "Ada" } }],
});

/** One, or in their order those of the methods. */
function webhookOutputs({ methods, outputPerMethod }: JsonObject): HandleSpec[] {
  const names = Array.isArray(methods) ? methods.filter((method) => typeof method === "string") : [];
  if (outputPerMethod !== true || names.length < 2) return [{ name: "main" }];
  return names.map((method) => ({ name: method.toLowerCase(), label: method }));
}
