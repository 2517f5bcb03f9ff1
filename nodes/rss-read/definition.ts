import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { authenticationField, httpCredential, ignoreTlsErrorsField } from "../http-fields";

export const rssRead = defineNode({
  type: "rss-read",
  version: 1,
  name: "RSS Read",
  description: "Reads a feed (RSS, Atom or RDF) and gives an item for each entry.",
  docs: "Entries have `title`, `link`, `creator`, `pubDate`, `isoDate`, `content`, `contentSnippet`, `guid` and `categories`, as far as the feed says them.",
  category: "integration",
  icon: "rss",
  parameters: z.object({
    url: field(z.string().default(""), "URL", { placeholder: "https://example.com/feed.xml", required: true }),
    authentication: authenticationField({ advanced: true }),
    customFields: field(z.string().default(""), "Further fields", {
      description: "Names of elements of an entry, with commas between them: `source, media:thumbnail`.",
      advanced: true,
    }),
    firstItemOnly: field(z.boolean().default(false), "Read once", {
      description: "Whatever the number of items, with the first one's URL.",
      advanced: true,
    }),
    ignoreTlsErrors: ignoreTlsErrorsField,
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: httpCredential,
  effect: "read",
  sample: [
    {
      creator: "Ada",
      title: "Version 2 is out",
      link: "https://example.com/2",
      pubDate: "Mon, 02 Nov 2026 09:00:00 GMT",
      content: "<p>What is new</p>",
      contentSnippet: "What is new",
      guid: "https://example.com/2",
      categories: ["releases"],
      isoDate: "2026-11-02T09:00:00.000Z",
    },
  ],
});
