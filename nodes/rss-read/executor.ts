import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { fieldNames } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { decodeBody, httpFailure } from "../http-failure";
import type { rssRead } from "./definition";

type Parameters = z.infer<typeof rssRead.parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  const { parseFeed } = await import("./parse-feed");
  return mapItems(context, async (_, index) => {
    const parameters = context.parameters(index);
    if (parameters.firstItemOnly && index > 0) return [];
    const source = await fetchFeed(context, parameters, index);
    try {
      return parseFeed(source, fieldNames(parameters.customFields)).map((json) => ({ json }));
    } catch (error) {
      throw new FatalError(
        `What ${parameters.url} gives can't be read as a feed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
};

async function fetchFeed(context: NodeContext<Parameters>, parameters: Parameters, index: number): Promise<string> {
  const url = parameters.url.trim();
  if (!URL.canParse(url)) {
    throw new ParameterError("url", url === "" ? "is empty: say which feed to read" : `"${url.slice(0, 200)}" is not a valid URL`, index);
  }
  const request = {
    method: "GET",
    url,
    headers: {
      accept:
        "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, application/xml;q=0.4, text/xml;q=0.4, */*;q=0.1",
    },
    ignoreTlsErrors: parameters.ignoreTlsErrors,
    ...(parameters.authentication === "credential" && { credential: "credential" }),
  };
  const response = await context.http.request(request, context.signal);
  if (response.status >= 400) throw httpFailure(response, request);
  const type = response.headers["content-type"] ?? "";
  // Feeds often name their encoding in their first line only.
  const declared = /^[^>]{0,200}encoding\s*=\s*["']([\w-]+)["']/.exec(
    new TextDecoder("latin1").decode(response.body.subarray(0, 200)),
  )?.[1];
  return decodeBody(response.body, /charset/i.test(type) || !declared ? type : `${type}; charset=${declared}`);
}
