import type { CheerioAPI } from "cheerio";
import { convert } from "html-to-text";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import { readHtml } from "../read-html";
import type { Extraction, html } from "./definition";

type Parameters = z.infer<typeof html.parameters>;
type Selection = ReturnType<CheerioAPI>;

/**
 * Values that CSS selectors find in a document. Without `returnArray` plain text is that of all elements found, the rest that of the
 * first.
 */
export function extractValues(
  source: string,
  { extractionValues, trimValues, cleanUpText, textLayout }: Parameters,
  itemIndex: number,
): JsonObject {
  const $ = pageOf(source, itemIndex);
  const tidy = (value: Json): Json => {
    if (typeof value !== "string") return value;
    const cleaned = cleanUpText
      ? value
          .trim()
          .replace(/[\r\n]+/g, "")
          .replace(/\s+/g, " ")
      : value;
    return trimValues ? cleaned.trim() : cleaned;
  };
  const json: JsonObject = {};
  extractionValues.forEach((extraction, position) => {
    const found = select($, extraction, `extractionValues[${position}]`, itemIndex);
    const value = extraction.returnArray
      ? found.toArray().map((element) => tidy(take($, $(element), extraction, textLayout)))
      : tidy(take($, found, extraction, textLayout));
    Object.defineProperty(json, extraction.key, { value, enumerable: true, configurable: true, writable: true });
  });
  return json;
}

function select($: CheerioAPI, { key, cssSelector }: Extraction, field: string, itemIndex: number): Selection {
  if (key === "") throw new ParameterError(`${field}.key`, "is empty: name the value", itemIndex);
  if (cssSelector.trim() === "") throw new ParameterError(`${field}.cssSelector`, "is empty: say which elements are meant", itemIndex);
  try {
    return $(cssSelector);
  } catch (error) {
    throw new ParameterError(`${field}.cssSelector`, `is not a CSS selector: ${(error as Error).message}`, itemIndex);
  }
}

function take(
  $: CheerioAPI,
  elements: Selection,
  { returnValue, attribute, skipSelectors }: Extraction,
  layout: Parameters["textLayout"],
): Json {
  switch (returnValue) {
    case "text": {
      if (layout === "readable") return convert(elements.html() ?? "", { selectors: skipped(skipSelectors) });
      if (skipSelectors.trim() === "") return elements.text();
      const copy = elements.clone();
      copy.find(skipSelectors).remove();
      return copy.not(skipSelectors).text();
    }
    case "html":
      return elements.html() ?? null;
    case "attribute":
      return elements.attr(attribute) ?? null;
    case "value":
      return ($(elements).val() as string | string[] | undefined) ?? null;
  }
}

const skipped = (selectors: string): { selector: string; format: string }[] =>
  selectors
    .split(",")
    .map((selector) => selector.trim())
    .filter((selector) => selector !== "")
    .map((selector) => ({ selector, format: "skip" }));

function pageOf(source: string, index: number): CheerioAPI {
  try {
    return readHtml(source);
  } catch (error) {
    throw new ParameterError("dataPropertyName", `holds a page that ${(error as Error).message}`, index);
  }
}
