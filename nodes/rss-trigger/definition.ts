import { z } from "zod";
import { CREDENTIAL_TYPES } from "@/flow/credentials/types";
import type { JsonObject } from "@/flow/item";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { pollFields } from "../poll-fields";

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
    authentication: field(z.enum(["none", "credential"]).default("none"), "Authentication", {
      labels: { none: "None", credential: "With a credential" },
      advanced: true,
    }),
    customFields: field(z.string().default(""), "Further fields", {
      description: "Names of elements of an entry, with commas between them: `source, media:thumbnail`.",
      advanced: true,
    }),
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
  watches: ["url"],
  sample: [
    {
      creator: "Ada",
      title: "Version 2 is out",
      link: "https://example.com/2",
      pubDate: "Mon, 02 Nov 2026 09:00:00 GMT",
      content: "<p>What is new</p>",
      contentSnippet: "What is new",
      guid: "https://example.com/2",
      isoDate: "2026-11-02T09:00:00.000Z",
    },
  ],
});
