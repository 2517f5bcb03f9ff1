import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { entryFields } from "../entry-fields";
import { authenticationField, httpCredential, ignoreTlsErrorsField } from "../http-fields";
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
    authentication: authenticationField(),
    query: field(pairs, "Query parameters", { control: "keyvalue" }),
    headers: field(pairs, "Headers", { control: "keyvalue" }),
    ...entryFields,
    timeoutMs: field(z.number().int().min(1).max(120_000).default(60_000), "Time limit (ms)", { advanced: true }),
    ignoreTlsErrors: ignoreTlsErrorsField,
    ...pollFields,
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  credentials: httpCredential,
  effect: "read",
  trigger: "poll",
  watches: ["url", "query", "listPath", "identify", "idField", "changeField"],
});
