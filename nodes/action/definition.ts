import { z } from "zod";
import type { CredentialSlot } from "@/flow/credentials/types";
import type { JsonObject } from "@/flow/item";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

/** Where a node that calls an action takes its account from. */
export const toolCredentials = ({ tool, auth }: JsonObject): CredentialSlot[] =>
  typeof tool !== "string" || tool === "" || auth === undefined || auth === "none"
    ? []
    : [{ name: "tool", label: "Credential", types: ["oauth2", "api_key", "basic_auth", "bearer", "custom"], tool, required: true }];

export const action = defineNode({
  type: "action",
  version: 1,
  name: "Action",
  description: "Calls an action of a tool, such as creating an issue, once for each item.",
  category: "integration",
  icon: "plug",
  parameters: z.object({
    tool: field(z.string().max(200).default(""), "Tool", { control: "hidden", expression: false, required: true }),
    action: field(z.string().max(200).default(""), "Action", { control: "hidden", expression: false, required: true }),
    /** What the action is known to do, so that it need not be looked up to plan with it. */
    effect: field(z.enum(["read", "write"]).default("write"), "Effect", { control: "hidden", expression: false }),
    /** The service tells a repeated call from a new one. */
    repeatable: field(z.boolean().default(false), "Repeatable", { control: "hidden", expression: false }),
    /** How the tool has callers prove who they are. */
    auth: field(z.string().max(40).default("none"), "Authentication", { control: "hidden", expression: false }),
    inputs: field(z.record(z.string(), z.unknown()).default({}), "Inputs", { control: "hidden" }),
    returnAll: field(z.boolean().default(false), "All pages", {
      description: "Where the answer is one page of a list, asks for the following ones, too.",
    }),
    maxPages: field(z.number().int().min(1).max(1000).default(100), "Pages at most", {
      description: "What comes after is left out.",
      advanced: true,
    }),
    fullResponse: field(z.boolean().default(false), "Status and headers, too", {
      description: "The item holds statusCode, headers and body instead of the body alone.",
      advanced: true,
    }),
    neverError: field(z.boolean().default(false), "Never fail on a status", {
      description: "An answer such as 404 is an item like any other.",
      advanced: true,
    }),
    concurrency: field(z.number().int().min(1).max(50).default(1), "Items at once", {
      description: "Calls that may be under way at the same time.",
      advanced: true,
    }),
    timeoutMs: field(z.number().int().min(1).max(3_600_000).default(300_000), "Time limit (ms)", { advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: ({ effect }) => (effect === "read" ? "read" : "write"),
  repeatable: ({ effect, repeatable }) => effect === "read" || repeatable === true,
  credentials: toolCredentials,
});
