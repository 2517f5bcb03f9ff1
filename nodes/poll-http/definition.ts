import { z } from "zod";
import { CREDENTIAL_TYPES } from "@/flow/credentials/types";
import type { JsonObject } from "@/flow/item";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { entryFields } from "../entry-fields";
import { pollFields } from "../poll-fields";

const pairs = z
  .array(z.object({ name: z.string().default(""), value: z.unknown().optional() }))
  .max(100)
  .default([]);

export const pollHttp = defineNode({
  type: "poll-http",
  version: 1,
  name: "HTTP Poll",
  description: "Starts the flow when a list that a URL gives has new or changed entries.",
  docs: "The URL gives JSON. What the list has when the flow is switched on starts nothing.",
  category: "trigger",
  icon: "radar",
  parameters: z.object({
    url: field(z.string().default(""), "URL", { placeholder: "https://api.example.com/orders", required: true }),
    authentication: field(z.enum(["none", "credential"]).default("none"), "Authentication", {
      labels: { none: "None", credential: "With a credential" },
      description: "A credential is added to the request on its way out: no step sees it, and it goes to its own hosts only.",
    }),
    query: field(pairs, "Query parameters", { control: "keyvalue" }),
    headers: field(pairs, "Headers", { control: "keyvalue" }),
    ...entryFields,
    timeoutMs: field(z.number().int().min(1).max(120_000).default(60_000), "Time limit (ms)", { advanced: true }),
    ignoreTlsErrors: field(z.boolean().default(false), "Ignore certificate errors", {
      description: "Only for servers that you know.",
      advanced: true,
    }),
    ...pollFields,
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  credentials: ({ authentication }: JsonObject) =>
    authentication === "credential" ? [{ name: "credential", types: [...CREDENTIAL_TYPES], required: true }] : [],
  effect: "read",
  trigger: "poll",
  watches: ["url", "query", "listPath", "identify", "idField", "changeField"],
});
