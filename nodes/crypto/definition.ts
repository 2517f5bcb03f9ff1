import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const digests = { action: ["hash", "hmac"] };
const HASHES = ["MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"] as const;
const SIGNATURES = [
  "RSA-SHA1",
  "RSA-SHA224",
  "RSA-SHA256",
  "RSA-SHA384",
  "RSA-SHA512",
  "RSA-SHA3-256",
  "RSA-SHA3-384",
  "RSA-SHA3-512",
  "RSA-MD5",
  "SHA1",
  "SHA224",
  "SHA256",
  "SHA384",
  "SHA512",
  "SHA3-256",
  "SHA3-384",
  "SHA3-512",
] as const;

export const crypto = defineNode({
  type: "crypto",
  version: 1,
  name: "Crypto",
  description: "Hashes, signs and makes random values.",
  category: "data",
  icon: "hash",
  parameters: z.object({
    action: field(z.enum(["hash", "hmac", "sign", "generate"]).default("hash"), "Action", {
      labels: { hash: "Hash", hmac: "HMAC", sign: "Sign", generate: "Generate" },
    }),
    type: field(z.enum(HASHES).default("SHA256"), "Type", { showIf: digests }),
    binaryData: field(z.boolean().default(false), "Of a file", { showIf: digests }),
    binaryPropertyName: field(z.string().min(1).default("data"), "Name of the file", { showIf: { ...digests, binaryData: [true] } }),
    value: field(z.string().default(""), "Value", { showIf: { action: ["hash", "hmac", "sign"], binaryData: [false] } }),
    secret: field(z.string().default(""), "Secret", { control: "password", showIf: { action: ["hmac"] } }),
    algorithm: field(z.enum(SIGNATURES).default("RSA-SHA256"), "Algorithm", {
      description: "The kind of key decides between RSA and elliptic curves.",
      showIf: { action: ["sign"] },
    }),
    privateKey: field(z.string().default(""), "Private key", {
      description: "PEM, with its BEGIN and END lines.",
      control: "textarea",
      showIf: { action: ["sign"] },
    }),
    encodingType: field(z.enum(["uuid", "hex", "base64", "ascii"]).default("uuid"), "Kind", {
      labels: { uuid: "UUID", hex: "Hexadecimal digits", base64: "Base64", ascii: "Letters and digits" },
      showIf: { action: ["generate"] },
    }),
    stringLength: field(z.number().int().min(1).max(100_000).default(32), "Length", {
      description: "Characters.",
      showIf: { action: ["generate"], encodingType: ["hex", "base64", "ascii"] },
    }),
    encoding: field(z.enum(["hex", "base64"]).default("hex"), "Encoding", {
      labels: { hex: "Hexadecimal digits", base64: "Base64" },
      showIf: { action: ["hash", "hmac", "sign"] },
    }),
    dataPropertyName: field(z.string().min(1).default("data"), "Put result in", { description: "Dots reach into objects." }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
  sample: [{ data: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }],
});
