import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { authenticationField, httpCredential, ignoreTlsErrorsField } from "../http-fields";

const pairs = z
  .array(z.object({ name: field(z.string().default(""), "Name"), value: field(z.unknown().optional(), "Value") }))
  .max(200)
  .default([]);

export const graphql = defineNode({
  type: "graphql",
  version: 1,
  name: "GraphQL",
  description: "Asks a GraphQL endpoint, once for each item.",
  docs: "The answer becomes the item: its data is under `data`. Errors in the answer fail the node with what the server says.",
  category: "integration",
  icon: "waypoints",
  parameters: z.object({
    endpoint: field(z.string().default(""), "Endpoint", { placeholder: "https://api.example.com/graphql", required: true }),
    method: field(z.enum(["POST", "GET"]).default("POST"), "Method", { advanced: true }),
    authentication: authenticationField(),
    query: field(z.string().default(""), "Query", {
      control: "code",
      placeholder: "query Order($id: ID!) { order(id: $id) { total } }",
      required: true,
    }),
    requestFormat: field(z.enum(["json", "graphql"]).default("json"), "Send as", {
      labels: { json: "JSON, with variables", graphql: "Bare query (application/graphql)" },
      showIf: { method: ["POST"] },
      advanced: true,
    }),
    variablesFormat: field(z.enum(["pairs", "json"]).default("pairs"), "Variables as", {
      labels: { pairs: "Names and values", json: "JSON" },
      showIf: { requestFormat: ["json"] },
    }),
    variables: field(pairs, "Variables", { control: "keyvalue", showIf: { requestFormat: ["json"], variablesFormat: ["pairs"] } }),
    variablesJson: field(z.unknown().default("{}"), "Variables", {
      control: "json",
      showIf: { requestFormat: ["json"], variablesFormat: ["json"] },
    }),
    operationName: field(z.string().default(""), "Operation", {
      description: "Which one to run, when the query has several.",
      showIf: { requestFormat: ["json"] },
      advanced: true,
    }),
    headers: field(pairs, "Headers", { control: "keyvalue", advanced: true }),
    responseFormat: field(z.enum(["json", "text"]).default("json"), "Response as", {
      labels: { json: "JSON", text: "Text" },
      advanced: true,
    }),
    responseField: field(z.string().min(1).default("data"), "Put the text in", { showIf: { responseFormat: ["text"] }, advanced: true }),
    ignoreTlsErrors: ignoreTlsErrorsField,
    timeoutMs: field(z.number().int().min(1).max(3_600_000).default(300_000), "Timeout", { description: "Milliseconds.", advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: httpCredential,
  effect: ({ query }: JsonObject): Effect => (typeof query === "string" && readsOnly(query) ? "read" : "write"),
  repeatable: false,
  sample: [{ data: { order: { id: "1", total: 42 } } }],
});

/** A query that is put together by an expression could be anything. */
const readsOnly = (query: string): boolean => !query.startsWith("=") && !/\bmutation\b/.test(query);
