import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const reads = { mode: ["xmlToJson"] };
const writes = { mode: ["jsonToXml"] };

export const xml = defineNode({
  type: "xml",
  version: 1,
  name: "XML",
  description: "Reads XML into fields, and writes fields as XML.",
  category: "data",
  icon: "braces",
  parameters: z.object({
    mode: field(z.enum(["xmlToJson", "jsonToXml"]).default("xmlToJson"), "Convert", {
      labels: { xmlToJson: "XML to JSON", jsonToXml: "JSON to XML" },
    }),
    dataPropertyName: field(z.string().min(1).default("data"), "Field", { description: "That holds the XML, or gets it." }),
    mergeAttrs: field(z.boolean().default(true), "Attributes beside elements", {
      description: "Off: they are in an object of their own.",
      showIf: reads,
    }),
    explicitArray: field(z.boolean().default(false), "Always lists", {
      description: "Every element is a list, even where there is only one.",
      showIf: reads,
    }),
    explicitRoot: field(z.boolean().default(true), "With the root element", { showIf: reads }),
    ignoreAttrs: field(z.boolean().default(false), "Without attributes", { showIf: reads }),
    trim: field(z.boolean().default(false), "Trim text", { showIf: reads, advanced: true }),
    normalize: field(z.boolean().default(false), "Normalize text", {
      description: "Trims it, and makes one space of several and of line breaks.",
      showIf: reads,
      advanced: true,
    }),
    normalizeTags: field(z.boolean().default(false), "Tags in lower case", { showIf: reads, advanced: true }),
    rootName: field(z.string().min(1).default("root"), "Root element", {
      description: "An object with a single field takes that one.",
      showIf: writes,
    }),
    headless: field(z.boolean().default(false), "Without the XML header", { showIf: writes }),
    cdata: field(z.boolean().default(false), "CDATA in place of escapes", { showIf: writes, advanced: true }),
    attrkey: field(z.string().min(1).default("$"), "Field of attributes", { advanced: true }),
    charkey: field(z.string().min(1).default("_"), "Field of text", {
      description: "For elements with attributes or other elements beside their text.",
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
