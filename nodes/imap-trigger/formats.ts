import { type Address, decodeWords } from "postal-mime";
import type { Item, JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import type { MessageSummary, OpenMailbox } from "../imap/client";
import { asText, attachmentFiles, contentsJson, type ParsedMessage, parseMessage, people, summaryJson } from "../imap/message";

interface Choice {
  format: "message" | "simple" | "resolved" | "raw";
  attachments: boolean;
  prefix: string;
}

/** Characters of JSON that one message may make. */
const MOST_CHARACTERS = 30 * 1024 * 1024;

/**
 * A message that came, as the trigger is to give it. Nobody can keep the trigger from going on by what they send: of a message that
 * can't be read or is too large there is what a list shows of it, and `unreadable` says why.
 */
export async function messageItem(
  summary: MessageSummary,
  source: Buffer,
  mailbox: OpenMailbox,
  choice: Choice,
  context: Pick<NodeContext, "writeBinary">,
): Promise<Item> {
  const made = await read(summary, source, mailbox, choice, context).catch((error: Error) =>
    unreadable(summary, mailbox, `it can't be read: ${error.message}`),
  );
  return JSON.stringify(made).length > MOST_CHARACTERS ? unreadable(summary, mailbox, "it is too long") : made;
}

export const unreadable = (summary: MessageSummary, { path, uidValidity }: OpenMailbox, reason: string): Item => ({
  json: { ...summaryJson(summary, path, uidValidity), attributes: { uid: summary.uid }, unreadable: reason },
});

async function read(
  summary: MessageSummary,
  source: Buffer,
  { path, uidValidity }: OpenMailbox,
  { format, attachments, prefix }: Choice,
  context: Pick<NodeContext, "writeBinary">,
): Promise<Item> {
  const attributes = { uid: summary.uid };
  if (format === "raw") return { json: { raw: source.toString("base64url"), attributes } };
  const email = await parseMessage(source);
  const files = await attachmentFiles(attachments ? email : { attachments: [] }, prefix, context);
  const json = ((): JsonObject => {
    switch (format) {
      case "message":
        return contentsJson(email, summaryJson(summary, path, uidValidity), files.list);
      case "simple":
        return { ...simple(email), attributes };
      case "resolved":
        return { ...resolved(email), attributes };
    }
  })();
  return { json, ...(files.list.length > 0 && { binary: files.binary }) };
}

const TOP_LEVEL = new Set(["cc", "date", "from", "subject", "to"]);

/** Texts, the best known headers, and the others as `metadata`. */
function simple({ headers, text, html, ...email }: ParsedMessage): JsonObject {
  const values = new Map<string, string>();
  for (const { key, value } of headers) if (!values.has(key)) values.set(key, decodeWords(value));
  const persons = { from: email.from ? [email.from] : [], to: email.to, cc: email.cc };
  for (const [key, list] of Object.entries(persons)) if (values.has(key)) values.set(key, asText(people(list)));
  if (email.subject !== undefined) values.set("subject", email.subject);
  const entries = [...values];
  return {
    textHtml: html ?? "",
    textPlain: text ?? "",
    metadata: Object.fromEntries(entries.filter(([key]) => !TOP_LEVEL.has(key))),
    ...Object.fromEntries(entries.filter(([key]) => TOP_LEVEL.has(key))),
  };
}

/** As the library that n8n reads messages with puts it. */
function resolved({ headerLines, text, html, subject, date, messageId, inReplyTo, references, ...email }: ParsedMessage): JsonObject {
  const lists: [string, readonly Address[] | undefined][] = [
    ["from", email.from && [email.from]],
    ["to", email.to],
    ["cc", email.cc],
    ["bcc", email.bcc],
    ["replyTo", email.replyTo],
  ];
  return {
    headers: Object.fromEntries(headerLines.map(({ key, line }) => [key, line])),
    html: html ?? false,
    ...(text !== undefined && { text, textAsHtml: asHtml(text) }),
    ...Object.fromEntries(Object.entries({ subject, date, messageId, inReplyTo, references }).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(lists.flatMap(([key, list]) => (list && list.length > 0 ? [[key, addressJson(list)]] : []))),
  } as JsonObject;
}

function addressJson(list: readonly Address[]): JsonObject {
  const value = people(list);
  const html = value.map(({ name, address }) =>
    name ? `${escaped(name)} &lt;<a href="mailto:${escaped(address)}">${escaped(address)}</a>&gt;` : escaped(address),
  );
  return { value, html: html.join(", "), text: asText(value) };
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
const asHtml = (text: string): string =>
  `<p>${escaped(text.trim())
    .replace(/\r?\n\r?\n/g, "</p><p>")
    .replace(/\r?\n/g, "<br/>")}</p>`;
