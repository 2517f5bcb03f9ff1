import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

/** Compare Datasets 1–2.3. */
export const compareDatasets: NodeMapping = (source) => ({
  type: "compare-datasets",
  parameters: {
    mergeByFields: source
      .list("mergeByFields.values")
      .map(({ field1, field2 }): JsonObject => ({ field1: field1 ?? "", field2: field2 ?? "" })),
    ...source.same("", "resolve", "preferWhenMix", "exceptWhenMix"),
    fuzzyCompare: source.has("fuzzyCompare") ? source.flag("fuzzyCompare") : source.flag("options.fuzzyCompare"),
    ...source.same("options", "skipFields", "multipleMatches"),
    dotNotation: !source.fixedFlag("options.disableDotNotation"),
  },
  inputs: ["input1", "input2"],
  outputs: ["onlya", "same", "different", "onlyb"],
});

/** Crypto 1. */
export const crypto: NodeMapping = (source) => ({
  type: "crypto",
  parameters: {
    ...source.same("", "action", "binaryData", "binaryPropertyName", "value", "secret", "algorithm", "privateKey"),
    ...source.same("", "encodingType", "stringLength", "encoding", "dataPropertyName"),
    type: source.text("type", "MD5"),
  },
});

/** HTML 1–1.2. */
export const html: NodeMapping = (source): Mapped => {
  const operation = source.option(
    "operation",
    {
      generateHtmlTemplate: "generateHtmlTemplate",
      extractHtmlContent: "extractHtmlContent",
      convertToHtmlTable: "convertToHtmlTable",
    },
    "generateHtmlTemplate",
  );
  if (operation === "extractHtmlContent") {
    // Version 1.2 lays text out; before, it was that of all elements, one after the other.
    const textLayout = source.version >= 1.2 ? "readable" : "plain";
    return { type: "html", parameters: { operation, textLayout, ...extraction(source) } };
  }
  if (operation === "generateHtmlTemplate") {
    const template = source.text("html");
    // Expressions in it are filled in as they are: it needs no sign that it has some.
    return { type: "html", parameters: { operation, ...(template !== "" && { html: template.replace(/^=/, "") }) } };
  }
  const table = source.same("options", "capitalize", "caption", "customStyling");
  const attributes = source.same("options", "tableAttributes", "headerAttributes", "rowAttributes", "cellAttributes");
  return { type: "html", parameters: { operation, ...table, ...attributes } };
};

function extraction(source: Source): JsonObject {
  return {
    ...source.same("", "sourceData", "dataPropertyName"),
    extractionValues: source.list("extractionValues.values").map(
      (entry): JsonObject => ({
        key: entry.key ?? "",
        cssSelector: entry.cssSelector ?? "",
        returnValue: entry.returnValue ?? "text",
        attribute: entry.attribute ?? "",
        skipSelectors: entry.skipSelectors ?? "",
        returnArray: entry.returnArray ?? false,
      }),
    ),
    ...source.same("options", "trimValues", "cleanUpText"),
  };
}

/** HTML Extract, which became an operation of HTML. */
export const htmlExtract: NodeMapping = (source) => ({
  type: "html",
  parameters: { operation: "extractHtmlContent", ...extraction(source) },
});

/** Markdown 1. */
export const markdown: NodeMapping = (source) => {
  const mode = source.option("mode", { htmlToMarkdown: "htmlToMarkdown", markdownToHtml: "markdownToHtml" }, "htmlToMarkdown");
  const given = source.same("", "markdown", "html", "destinationKey");
  const options =
    mode === "markdownToHtml"
      ? {
          ...source.same("options", "tables", "strikethrough", "tasklists", "simplifiedAutoLink", "openLinksInNewWindow"),
          ...source.same("options", "simpleLineBreaks", "noHeaderId", "ghCompatibleHeaderId", "prefixHeaderId"),
          ...source.same("options", "headerLevelStart", "completeHTMLDocument"),
        }
      : {
          ...source.same("options", "bulletMarker", "codeFence", "codeBlockStyle", "emDelimiter", "strongDelimiter", "ignore"),
          ...source.same("options", "blockElements", "keepDataImages", "maxConsecutiveNewlines", "useLinkReferenceDefinitions"),
        };
  return { type: "markdown", parameters: { mode, ...given, ...options } };
};

/** XML 1. */
export const xml: NodeMapping = (source) => {
  const mode = source.option("mode", { xmlToJson: "xmlToJson", jsonToxml: "jsonToXml", jsonToXml: "jsonToXml" }, "xmlToJson");
  const reading = ["mergeAttrs", "explicitArray", "explicitRoot", "ignoreAttrs", "trim", "normalize", "normalizeTags"];
  return {
    type: "xml",
    parameters: {
      mode,
      ...source.same("", "dataPropertyName"),
      ...source.same("options", ...(mode === "xmlToJson" ? reading : ["rootName", "headless", "cdata"]), "attrkey", "charkey"),
    },
  };
};
