import { load } from "cheerio";
import { XMLParser } from "fast-xml-parser";
import type { Json, JsonObject } from "@/flow/item";

type Node = string | number | boolean | { [key: string]: Node } | Node[] | undefined;

/** Elements whose inside is kept as it stands: it may be markup. */
const RAW = ["*.content", "*.summary", "*.description", "*.encoded"];
const MAX_ENTRIES = 10_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: "#text",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  htmlEntities: true,
  stopNodes: RAW.flatMap((path) => [path, path.replace("*.", "*.content:")]),
  processEntities: true,
});

const object = (node: Node): { [key: string]: Node } => (typeof node === "object" && !Array.isArray(node) ? node : {});
const list = (node: Node): Node[] => (node === undefined || node === "" ? [] : Array.isArray(node) ? node : [node]);
const attribute = (node: Node, name: string): string | undefined => {
  const value = object(node)[`@${name}`];
  return typeof value === "string" ? value : undefined;
};

/** Text of an element, of the first one where there are several. */
function text(node: Node): string | undefined {
  const [first] = list(node);
  if (first === undefined) return undefined;
  if (typeof first !== "object") return String(first);
  const inner = object(first)["#text"];
  return inner === undefined || typeof inner === "object" ? undefined : String(inner);
}

const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/g;

/** What an element that is kept as it stands means: markup written with entities or as CDATA, or markup itself. */
function content(node: Node): string | undefined {
  const raw = text(node);
  if (raw === undefined) return undefined;
  if (attribute(list(node)[0], "type") === "xhtml") return raw.trim();
  // CDATA is taken literally, what is between is decoded.
  const parts: string[] = [];
  let last = 0;
  for (const match of raw.matchAll(CDATA)) {
    parts.push(decodeEntities(raw.slice(last, match.index)), match[1] ?? "");
    last = match.index + match[0].length;
  }
  parts.push(decodeEntities(raw.slice(last)));
  return parts.join("").trim();
}

const decodeEntities = (value: string): string =>
  value.includes("&") ? load(value.replaceAll("<", "&lt;"), null, false).root().text() : value;

const BLOCKS = /<\/?(?:h\d|br|p|ul|ol|li|blockquote|section|table|tr|div)\b[^<>]*>/gi;

/** Markup as plain text. */
const snippet = (markup: string): string =>
  decodeEntities(markup.replace(BLOCKS, "\n").replace(/<[^<>]*>/g, ""))
    .replace(/\n{2,}/g, "\n")
    .trim();

const isoDate = (value: string | undefined): string | undefined => {
  const time = value === undefined ? Number.NaN : Date.parse(value.trim());
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};

/** Without what is not there. */
const present = (fields: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** Any element as JSON, for fields that people ask for by name. */
function asJson(node: Node): Json | undefined {
  if (node === undefined) return undefined;
  if (Array.isArray(node)) return node.map((each) => asJson(each) ?? null);
  if (typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key === "#text" ? "_" : key.replace(/^@/, ""), asJson(value) ?? null]),
  );
}

const further = (entry: Node, names: readonly string[]): Record<string, Json | undefined> =>
  Object.fromEntries(names.map((name) => [name, Object.hasOwn(object(entry), name) ? asJson(object(entry)[name]) : undefined]));

function categories(entry: Node): Json | undefined {
  const names = list(object(entry).category).map((each) => attribute(each, "term") ?? text(each));
  const found = names.filter((name): name is string => name !== undefined && name !== "");
  return found.length > 0 ? found : undefined;
}

function rssEntry(entry: Node, customFields: readonly string[]): JsonObject {
  const fields = object(entry);
  const encoded = content(fields["content:encoded"]);
  const description = content(fields.description);
  const creator = text(fields["dc:creator"]) ?? text(fields.author);
  const pubDate = text(fields.pubDate);
  const date = text(fields["dc:date"]);
  const enclosure = list(fields.enclosure)[0];
  return present({
    creator,
    date,
    title: text(fields.title),
    link: text(fields.link),
    pubDate,
    author: text(fields.author),
    "content:encoded": encoded,
    "content:encodedSnippet": encoded === undefined ? undefined : snippet(encoded),
    enclosure: enclosure === undefined ? undefined : asJson(enclosure),
    "dc:creator": text(fields["dc:creator"]),
    "dc:date": date,
    comments: text(fields.comments),
    content: description,
    contentSnippet: description === undefined ? undefined : snippet(description),
    guid: text(fields.guid),
    categories: categories(entry),
    isoDate: isoDate(pubDate ?? date),
    ...further(entry, customFields),
  });
}

function atomEntry(entry: Node, customFields: readonly string[]): JsonObject {
  const fields = object(entry);
  const links = list(fields.link);
  const link = links.find((each) => (attribute(each, "rel") ?? "alternate") === "alternate") ?? links[0];
  const written = content(fields.content);
  const summary = content(fields.summary);
  const pubDate = isoDate(text(fields.published) ?? text(fields.updated));
  return present({
    title: text(fields.title),
    link: attribute(link, "href"),
    pubDate,
    author: text(object(list(fields.author)[0]).name),
    content: written,
    contentSnippet: written === undefined ? undefined : snippet(written),
    summary,
    id: text(fields.id),
    categories: categories(entry),
    isoDate: pubDate,
    ...further(entry, customFields),
  });
}

/**
 * Entries of a feed, RSS 0.9 to 2, RDF or Atom, with the field names that feed readers share.
 * @throws Error that says what the text is not.
 */
export function parseFeed(source: string, customFields: readonly string[] = []): JsonObject[] {
  let document: { [key: string]: Node };
  try {
    document = object(parser.parse(source) as Node);
  } catch (error) {
    throw new Error(`it is not valid XML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const find = (name: string): Node => {
    const key = Object.keys(document).find((each) => each === name || each.endsWith(`:${name}`));
    return key === undefined ? undefined : document[key];
  };
  const feed = find("feed");
  if (feed !== undefined) return entries(object(feed).entry).map((entry) => atomEntry(entry, customFields));
  const rdf = find("RDF");
  if (rdf !== undefined) return entries(object(rdf).item).map((entry) => rssEntry(entry, customFields));
  const rss = find("rss");
  if (rss === undefined) throw new Error("it is neither RSS nor Atom nor RDF");
  return list(object(rss).channel).flatMap((channel) => entries(object(channel).item).map((entry) => rssEntry(entry, customFields)));
}

const entries = (node: Node): Node[] => list(node).slice(0, MAX_ENTRIES);
