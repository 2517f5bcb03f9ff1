import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { toolCredentials } from "../action/definition";
import { entryFields } from "../entry-fields";
import { pollFields } from "../poll-fields";

export const actionTrigger = defineNode({
  type: "action-trigger",
  version: 1,
  name: "Watch for New Records",
  description: "Starts the flow when what an action of a tool lists has new or changed entries: records, e-mails, issues, …",
  docs: "Any action that lists things can be watched. What it lists when the flow is switched on starts nothing. Have it list the newest first, as far as it can: of a list with many pages only as many are asked for as you say.",
  category: "trigger",
  icon: "bell-plus",
  parameters: z.object({
    tool: field(z.string().max(200).default(""), "Tool", { control: "hidden", expression: false, required: true }),
    action: field(z.string().max(200).default(""), "Action", { control: "hidden", expression: false, required: true }),
    /** How the tool has callers prove who they are. */
    auth: field(z.string().max(40).default("none"), "Authentication", { control: "hidden", expression: false }),
    inputs: field(z.record(z.string(), z.unknown()).default({}), "Inputs", { control: "hidden" }),
    ...entryFields,
    details: field(z.string().max(200).default(""), "Then fetch each with", {
      description: "Where a list gives little more than ids: the key of an action of the same tool that gives the whole entry.",
      placeholder: "get-message",
      expression: false,
      advanced: true,
    }),
    detailsInput: field(z.string().max(200).default("id"), "Input that takes the id", {
      description: "Of that action.",
      expression: false,
      advanced: true,
    }),
    detailsInputs: field(z.record(z.string(), z.unknown()).default({}), "Its other inputs", { control: "json", advanced: true }),
    returnAll: field(z.boolean().default(false), "All pages", {
      description: "Where the answer is one page of a list, asks for the following ones, too.",
    }),
    maxPages: field(z.number().int().min(1).max(100).default(10), "Pages at most", {
      description: "What comes after is not watched.",
      showIf: { returnAll: [true] },
    }),
    timeoutMs: field(z.number().int().min(1).max(120_000).default(60_000), "Time limit (ms)", { advanced: true }),
    ...pollFields,
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  credentials: toolCredentials,
  effect: "read",
  trigger: "poll",
  watches: ["tool", "action", "inputs", "listPath", "identify", "idField", "changeField"],
});
