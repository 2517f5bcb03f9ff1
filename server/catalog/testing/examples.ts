import type { JsonObject } from "@/flow/item";

const ASSOCIATION = { to: { id: "101" }, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 202 }] };

/** Values for inputs whose schema does not say enough to make one up, by `tool.action`, or `tool.*` for all actions of a tool. */
export const EXAMPLES: Readonly<Record<string, JsonObject>> = {
  "github.create-branch": { ref: "refs/heads/new-branch" },
  "anthropic.*": { messages: [{ role: "user", content: "Hello" }], requests: [{ custom_id: "one", params: { max_tokens: 16 } }] },
  "hubspot.*": { filterGroups: [{ filters: [{ propertyName: "email", operator: "EQ", value: "ada@example.com" }] }] },
  ...Object.fromEntries(
    ["create-note", "create-task", "create-record"].map((action) => [`hubspot.${action}`, { associations: [ASSOCIATION] }]),
  ),
  "jira.*": { due_date: "2026-12-24" },
  "linear.*": { dueDate: "2026-12-24" },
  "openai.create-response-from-messages": { input: [{ role: "user", content: "Hello" }] },
  "openai.*": { messages: [{ role: "user", content: "Hello" }] },
  "openai-compatible.*": { messages: [{ role: "user", content: "Hello" }] },
  "stripe.*": { currency: "eur", line_items: [{ price: "price_1", quantity: 1 }], items: [{ price: "price_1" }] },
  "airtable.list-records": { base_id: "appLkNDICXNqxSDhG", sort: [{ field: "Name", direction: "asc" }] },
  "airtable.get-record": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.create-record": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.create-records": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.update-record": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.replace-record": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.update-records": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.upsert-record": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.delete-record": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.list-comments": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.create-comment": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.list-tables": { base_id: "appLkNDICXNqxSDhG" },
  "airtable.create-field": { base_id: "appLkNDICXNqxSDhG" },
};
