import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import { fieldNames } from "@/flow/node/field-path";
import { decodeBody, httpFailure } from "../http-failure";

/** Which feed, and how it is asked for. */
export interface Feed {
  url: string;
  authentication: "none" | "credential";
  /** Names of further elements, with commas between them. */
  customFields: string;
  ignoreTlsErrors: boolean;
}

/** Entries of a feed, in its order. @throws FatalError for what is no feed, or the error that a failing status is */
export async function readFeed(world: Pick<NodeContext, "http" | "signal">, feed: Feed, itemIndex?: number): Promise<JsonObject[]> {
  const { parseFeed } = await import("./parse-feed");
  const source = await fetchFeed(world, feed, itemIndex);
  try {
    return parseFeed(source, fieldNames(feed.customFields));
  } catch (error) {
    throw new FatalError(`What ${feed.url} gives can't be read as a feed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function fetchFeed(world: Pick<NodeContext, "http" | "signal">, feed: Feed, itemIndex: number | undefined): Promise<string> {
  const url = feed.url.trim();
  if (!URL.canParse(url)) {
    const reason = url === "" ? "is empty: say which feed to read" : `"${url.slice(0, 200)}" is not a valid URL`;
    throw new ParameterError("url", reason, itemIndex);
  }
  const request = {
    method: "GET",
    url,
    headers: {
      accept:
        "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, application/xml;q=0.4, text/xml;q=0.4, */*;q=0.1",
    },
    ignoreTlsErrors: feed.ignoreTlsErrors,
    ...(feed.authentication === "credential" && { credential: "credential" }),
  };
  const response = await world.http.request(request, world.signal);
  if (response.status >= 400) throw httpFailure(response, request);
  const type = response.headers["content-type"] ?? "";
  // Feeds often name their encoding in their first line only.
  const declared = /^[^>]{0,200}encoding\s*=\s*["']([\w-]+)["']/.exec(
    new TextDecoder("latin1").decode(response.body.subarray(0, 200)),
  )?.[1];
  return decodeBody(response.body, /charset/i.test(type) || !declared ? type : `${type}; charset=${declared}`);
}
