import type { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { executePoll, type NodePoll } from "@/flow/node/poll";
import { type Entry, newEntries, newestOf } from "../new-entries";
import { readFeed } from "../rss-read/read-feed";
import type { rssTrigger } from "./definition";

type Parameters = z.infer<typeof rssTrigger.parameters>;

export const poll: NodePoll<Parameters> = async (context) => {
  // Feeds have the newest first; where they say when, that decides.
  const entries = (await readFeed(context, context.parameters)).reverse().sort((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0));
  return context.test ? newestOf(entries.map(asEntry)) : newEntries(entries.map(asEntry), context.cursor, { isSorted: true });
};

export const execute = executePoll(poll);

const asEntry = (json: JsonObject): Entry => ({ id: idOf(json), item: { json } });

/** A feed names its entries by `guid` or `id`; where it does not, the link and then what it says tell them apart. */
function idOf(entry: JsonObject): string {
  for (const name of ["guid", "id", "link"]) if (typeof entry[name] === "string" && entry[name] !== "") return entry[name];
  return [entry.title, entry.isoDate ?? entry.pubDate, entry.contentSnippet].map((part) => part ?? "").join("\n");
}

const timeOf = ({ isoDate }: JsonObject): number | undefined => (typeof isoDate === "string" ? Date.parse(isoDate) : undefined);
