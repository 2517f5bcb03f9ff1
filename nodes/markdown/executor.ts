import type { z } from "zod";
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
  const { NodeHtmlMarkdown } = await import("node-html-markdown");
  return ({ html, codeBlockStyle, ignore, blockElements, ...options }) =>
    NodeHtmlMarkdown.translate(html, {
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
