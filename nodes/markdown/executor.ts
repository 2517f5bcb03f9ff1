import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { fieldNames, setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import type { markdown } from "./definition";

type Parameters = z.infer<typeof markdown.parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const convert = context.parameters(0).mode === "markdownToHtml" ? await htmlConverter() : await markdownConverter();
  return mapItems(context, (item, index) => {
    const parameters = context.parameters(index);
    return { ...item, json: setField(item.json, parameters.destinationKey, convert(parameters)), pairedItem: { item: index } };
  });
};

async function htmlConverter(): Promise<(parameters: Parameters) => string> {
  const { markdownToHtml } = await import("./to-html");
  return (parameters) => markdownToHtml(parameters.markdown, parameters);
}

async function markdownConverter(): Promise<(parameters: Parameters) => string> {
  const [{ NodeHtmlMarkdown }, { readHtml }] = await Promise.all([import("node-html-markdown"), import("../read-html")]);
  // Its own reader takes minutes for what is nested deep, or not closed.
  const wellFormed = (html: string): string => {
    try {
      return readHtml(html).html();
    } catch (error) {
      throw new ParameterError("html", (error as Error).message);
    }
  };
  return ({ html, codeBlockStyle, ignore, blockElements, ...options }) =>
    NodeHtmlMarkdown.translate(wellFormed(html), {
      bulletMarker: options.bulletMarker,
      codeFence: options.codeFence,
      codeBlockStyle: codeBlockStyle === "fence" ? "fenced" : "indented",
      emDelimiter: options.emDelimiter,
      strongDelimiter: options.strongDelimiter,
      keepDataImages: options.keepDataImages,
      maxConsecutiveNewlines: options.maxConsecutiveNewlines,
      useLinkReferenceDefinitions: options.useLinkReferenceDefinitions,
      ...(ignore !== "" && { ignore: elementNames(ignore) }),
      ...(blockElements !== "" && { blockElements: elementNames(blockElements) }),
    });
}

const elementNames = (list: string): string[] => fieldNames(list).map((name) => name.toUpperCase());
