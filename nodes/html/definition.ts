import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const extracts = { operation: ["extractHtmlContent"] };
const table = { operation: ["convertToHtmlTable"] };
const attributes = (title: string) =>
  field(z.string().default(""), title, { placeholder: 'class="report"', showIf: table, advanced: true });

const EXAMPLE = `<!DOCTYPE html>
<html>
  <body>
    <h1>{{ $json.title }}</h1>
  </body>
</html>`;

const extractionSchema = z.object({
  key: field(z.string().default(""), "Name", { placeholder: "title" }),
  cssSelector: field(z.string().default(""), "CSS selector", { placeholder: "article h1" }),
  returnValue: field(z.enum(["text", "html", "attribute", "value"]).default("text"), "Take", {
    labels: { text: "Text", html: "HTML", attribute: "Attribute", value: "Value of an input" },
  }),
  attribute: field(z.string().default(""), "Attribute", { placeholder: "href", showIf: { returnValue: ["attribute"] } }),
  skipSelectors: field(z.string().default(""), "Leave out", {
    description: "CSS selectors of elements whose text is left out, with commas between them.",
    showIf: { returnValue: ["text"] },
  }),
  returnArray: field(z.boolean().default(false), "As a list", { description: "An entry for each element that the selector finds." }),
});
export type Extraction = z.infer<typeof extractionSchema>;

export const html = defineNode({
  type: "html",
  version: 1,
  name: "HTML",
  description: "Takes values out of HTML, fills in templates and makes tables.",
  category: "data",
  icon: "code-xml",
  parameters: z.object({
    operation: field(
      z.enum(["generateHtmlTemplate", "extractHtmlContent", "convertToHtmlTable"]).default("generateHtmlTemplate"),
      "Operation",
      {
        labels: {
          generateHtmlTemplate: "Fill in a template",
          extractHtmlContent: "Extract content",
          convertToHtmlTable: "Make a table of all items",
        },
      },
    ),
    html: field(z.string().max(1_000_000).default(EXAMPLE), "Template", {
      description: "Expressions stand in {{ }}. What they give is not escaped: take care with text from outside.",
      control: "textarea",
      expression: false,
      showIf: { operation: ["generateHtmlTemplate"] },
    }),
    sourceData: field(z.enum(["json", "binary"]).default("json"), "HTML from", {
      labels: { json: "A field", binary: "A file" },
      showIf: extracts,
    }),
    dataPropertyName: field(z.string().default("data"), "Name of the field or file", { showIf: extracts }),
    extractionValues: field(z.array(extractionSchema).max(500).default([]), "Values", { showIf: extracts }),
    textLayout: field(z.enum(["plain", "readable"]).default("plain"), "Text as", {
      labels: { plain: "Nothing but the text", readable: "Laid out for reading: headings, lists, links, lines" },
      description: "Laid out, it is the first element's, unless a list is wanted.",
      showIf: extracts,
      advanced: true,
    }),
    trimValues: field(z.boolean().default(true), "Trim values", { showIf: extracts, advanced: true }),
    cleanUpText: field(z.boolean().default(false), "Clean up text", {
      description: "Line breaks and several spaces become one space.",
      showIf: extracts,
      advanced: true,
    }),
    capitalize: field(z.boolean().default(false), "Capitalize headers", { showIf: table }),
    caption: field(z.string().default(""), "Caption", { showIf: table }),
    customStyling: field(z.boolean().default(false), "Without styles", { description: "For styles of your own.", showIf: table }),
    tableAttributes: attributes("Attributes of the table"),
    headerAttributes: attributes("Attributes of header cells"),
    rowAttributes: attributes("Attributes of rows"),
    cellAttributes: attributes("Attributes of cells"),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
