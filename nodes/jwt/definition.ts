import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const signs = { operation: ["sign"] };
const claims = { operation: ["sign"], useJson: [false] };
const keyed = { operation: ["sign", "verify"] };

export const jwt = defineNode({
  type: "jwt",
  version: 1,
  name: "JWT",
  description: "Signs, verifies and decodes JSON Web Tokens.",
  category: "data",
  icon: "shield-check",
  parameters: z.object({
    operation: field(z.enum(["decode", "sign", "verify"]).default("sign"), "Operation", {
      labels: { sign: "Sign", verify: "Verify", decode: "Decode" },
    }),
    token: field(z.string().default(""), "Token", { placeholder: "={{ $json.token }}", showIf: { operation: ["verify", "decode"] } }),
    algorithm: field(
      z.enum(["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"]).default("HS256"),
      "Algorithm",
      { description: "HS takes a secret, the others keys.", showIf: keyed },
    ),
    keyType: field(z.enum(["passphrase", "pemKey"]).default("passphrase"), "Key", {
      labels: { passphrase: "Secret", pemKey: "PEM key" },
      showIf: keyed,
    }),
    secret: field(z.string().default(""), "Secret", { control: "password", showIf: { ...keyed, keyType: ["passphrase"] } }),
    privateKey: field(z.string().default(""), "Private key", {
      description: "PEM, with its BEGIN and END lines.",
      control: "textarea",
      showIf: { operation: ["sign"], keyType: ["pemKey"] },
    }),
    publicKey: field(z.string().default(""), "Public key", {
      description: "PEM: a key or a certificate.",
      control: "textarea",
      showIf: { operation: ["verify"], keyType: ["pemKey"] },
    }),
    useJson: field(z.boolean().default(false), "Claims as JSON", { showIf: signs }),
    claimsJson: field(z.unknown().default('{\n  "name": "Ada"\n}'), "Claims", { control: "json", showIf: { ...signs, useJson: [true] } }),
    issuer: field(z.string().default(""), "Issuer", { showIf: claims }),
    subject: field(z.string().default(""), "Subject", { showIf: claims }),
    audience: field(z.string().default(""), "Audience", { showIf: claims }),
    expiresIn: field(z.number().int().min(0).default(0), "Expires in", { description: "Seconds. 0: never.", showIf: claims }),
    notBefore: field(z.number().int().min(0).default(0), "Not before", {
      description: "Seconds from now.",
      showIf: claims,
      advanced: true,
    }),
    jwtid: field(z.string().default(""), "Token id", { showIf: claims, advanced: true }),
    kid: field(z.string().default(""), "Key id", { description: "Goes into the header.", showIf: signs, advanced: true }),
    ignoreExpiration: field(z.boolean().default(false), "Accept expired tokens", { showIf: { operation: ["verify"] }, advanced: true }),
    ignoreNotBefore: field(z.boolean().default(false), "Accept tokens of the future", {
      showIf: { operation: ["verify"] },
      advanced: true,
    }),
    clockTolerance: field(z.number().int().min(0).default(0), "Clock tolerance", {
      description: "Seconds by which clocks may differ.",
      showIf: { operation: ["verify"] },
      advanced: true,
    }),
    complete: field(z.boolean().default(false), "With header and signature", {
      showIf: { operation: ["verify", "decode"] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
