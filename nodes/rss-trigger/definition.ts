import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { httpCredential } from "../http-fields";
import { pollFields } from "../poll-fields";
import { rssRead } from "../rss-read/definition";

export const rssTrigger = defineNode({
  type: "rss-trigger",
  version: 1,
  name: "RSS Feed Trigger",
  description: "Starts the flow when a feed (RSS, Atom or RDF) has new entries.",
  docs: "Entries have the fields that RSS Read gives. What the feed has when the flow is switched on starts nothing.",
  category: "trigger",
  icon: "rss",
  parameters: z.object({
    url: field(z.string().default(""), "Feed URL", { placeholder: "https://example.com/feed.xml", required: true }),
    ...rssRead.parameters.pick({ authentication: true, customFields: true, ignoreTlsErrors: true }).shape,
    ...pollFields,
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  credentials: httpCredential,
  effect: "read",
  trigger: "poll",
  watches: ["url"],
  sample: rssRead.sample,
});
