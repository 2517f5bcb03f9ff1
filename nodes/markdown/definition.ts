import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const toHtml = { mode: ["markdownToHtml"] };
const toMarkdown = { mode: ["htmlToMarkdown"] };
const htmlOption = (title: string, description?: string) =>
  field(z.boolean().default(false), title, { ...(description && { description }), showIf: toHtml, advanced: true });

export const markdown = defineNode({
  type: "markdown",
  version: 1,
  name: "Markdown",
  description: "Makes HTML of Markdown, and Markdown of HTML.",
  category: "data",
  icon: "file-text",
  parameters: z.object({
    mode: field(z.enum(["markdownToHtml", "htmlToMarkdown"]).default("htmlToMarkdown"), "Convert", {
      labels: { markdownToHtml: "Markdown to HTML", htmlToMarkdown: "HTML to Markdown" },
    }),
    markdown: field(z.string().default(""), "Markdown", { control: "textarea", showIf: toHtml }),
    html: field(z.string().default(""), "HTML", { control: "textarea", showIf: toMarkdown }),
    destinationKey: field(z.string().min(1).default("data"), "Put result in", { description: "Dots reach into objects." }),
    tables: htmlOption("Tables"),
    strikethrough: htmlOption("Strikethrough", "~~text~~ is struck through."),
    tasklists: htmlOption("Task lists"),
    simplifiedAutoLink: htmlOption("Link addresses", "Addresses in the text become links."),
    openLinksInNewWindow: htmlOption("Links open a new window"),
    simpleLineBreaks: htmlOption("Keep line breaks", "Without two spaces at the end of the line."),
    noHeaderId: htmlOption("Headings without ids"),
    ghCompatibleHeaderId: htmlOption("Ids of headings as on GitHub", "With - in place of spaces."),
    prefixHeaderId: field(z.string().default(""), "Prefix of headings' ids", { showIf: toHtml, advanced: true }),
    headerLevelStart: field(z.number().int().min(1).max(6).default(1), "First level of headings", { showIf: toHtml, advanced: true }),
    completeHTMLDocument: htmlOption("A complete document", "With html, head and body around it."),
    bulletMarker: field(z.string().min(1).default("*"), "Bullet", { showIf: toMarkdown, advanced: true }),
    codeFence: field(z.string().min(1).default("```"), "Code fence", { showIf: toMarkdown, advanced: true }),
    codeBlockStyle: field(z.enum(["fence", "indented"]).default("fence"), "Code blocks", {
      labels: { fence: "Fenced", indented: "Indented" },
      showIf: toMarkdown,
      advanced: true,
    }),
    emDelimiter: field(z.string().min(1).default("_"), "Emphasis", { showIf: toMarkdown, advanced: true }),
    strongDelimiter: field(z.string().min(1).default("**"), "Strong emphasis", { showIf: toMarkdown, advanced: true }),
    ignore: field(z.string().default(""), "Elements to leave out", {
      description: "Names, with commas between them.",
      placeholder: "script, nav",
      showIf: toMarkdown,
      advanced: true,
    }),
    blockElements: field(z.string().default(""), "Elements to set apart", {
      description: "Names, with commas between them. Blank lines stand around them.",
      showIf: toMarkdown,
      advanced: true,
    }),
    keepDataImages: field(z.boolean().default(false), "Keep embedded images", { showIf: toMarkdown, advanced: true }),
    maxConsecutiveNewlines: field(z.number().int().min(1).max(100).default(3), "Most line breaks in a row", {
      showIf: toMarkdown,
      advanced: true,
    }),
    useLinkReferenceDefinitions: field(z.boolean().default(false), "Addresses at the bottom", { showIf: toMarkdown, advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
