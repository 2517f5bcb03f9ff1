import type { SearchObject } from "imapflow";
import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { parseJson } from "../json-parameter";
import type { MailServer, MessageSummary, OpenMailbox } from "./client";
import { all, customCriteria, dayOf } from "./criteria";
import type { imap } from "./definition";
import { buildDraft } from "./draft";
import { mailboxName, refuseControlCharacters } from "./mailbox-names";
import { attachmentFiles, contentsJson, parseMessage, summaryJson } from "./message";
import { openFor } from "./open";

type Parameters = z.infer<typeof imap.parameters>;
type Context = NodeContext<Parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const server = await openFor(context, context.parameters(0));
  try {
    return await mapItems(context, (item, index) => operate(context, server, context.parameters(index), item, index));
  } finally {
    server.close();
  }
};

async function operate(context: Context, server: MailServer, parameters: Parameters, item: Item, index: number): Promise<Item | Item[]> {
  const { operation } = parameters;
  if (operation === "mailboxes") return (await server.mailboxes()).map((entry) => ({ json: { ...entry } }));
  if (operation === "draft") return { json: await keepDraft(context, server, parameters, item, index) };
  const path = mailboxName(parameters.mailbox, "mailbox", index);
  const destination = operation === "move" || operation === "copy" ? mailboxName(parameters.destination, "destination", index) : "";
  const criteria = operation === "search" ? criteriaOf(parameters, index) : {};
  const uids = operation === "search" ? [] : uidsOf(parameters.uids, index);
  const isWriting = operation !== "search" && operation !== "get" && operation !== "copy";
  const mailbox = await server.open(path, isWriting || (operation !== "copy" && parameters.markSeen) ? "write" : "read");
  switch (operation) {
    case "search": {
      const found = (await server.search(criteria)).slice(-parameters.limit);
      const messages = (await server.summaries(found)).reverse();
      const items: Item[] = [];
      for (const message of messages) items.push(await itemOf(context, server, parameters, mailbox, message, parameters.contents));
      if (parameters.markSeen && found.length > 0) await server.setFlag(found, "\\Seen", true);
      return items;
    }
    case "get": {
      const messages = await existing(server, uids, mailbox);
      const items: Item[] = [];
      for (const message of messages) items.push(await itemOf(context, server, parameters, mailbox, message, true));
      if (parameters.markSeen) await server.setFlag(uids, "\\Seen", true);
      return items;
    }
    case "mark": {
      const flag = parameters.mark.endsWith("seen") ? "\\Seen" : "\\Flagged";
      await existing(server, uids, mailbox);
      await server.setFlag(uids, flag, !parameters.mark.startsWith("un"));
      return done(mailbox, uids);
    }
    case "move":
    case "copy":
      await existing(server, uids, mailbox);
      await server[operation](uids, destination);
      return done(mailbox, uids, { destination });
    case "delete":
      return done(mailbox, uids, await server.remove(uids));
  }
}

const done = ({ path }: OpenMailbox, uids: number[], more: JsonObject = {}): Item => ({
  json: { success: true, mailbox: path, uids, ...more },
});

/** @throws FatalError that names those that are not there: servers say nothing of them */
async function existing(server: MailServer, uids: number[], { path }: OpenMailbox): Promise<MessageSummary[]> {
  const found = await server.summaries(uids);
  const missing = uids.filter((uid) => !found.some((message) => message.uid === uid));
  if (missing.length > 0) throw new FatalError(`There is no message ${missing.slice(0, 10).join(", ")} in the mailbox "${path}"`);
  return found;
}

function uidsOf(given: string | number, index: number): number[] {
  const parts = String(given)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const uids = parts.map(Number);
  if (uids.length === 0) throw new ParameterError("uids", "is empty: fill in the UID of a message", index);
  if (uids.length > 1000) throw new ParameterError("uids", "names more than 1000 messages", index);
  const wrong = parts.find((_, at) => !Number.isInteger(uids[at]) || (uids[at] ?? 0) < 1 || (uids[at] ?? 0) > 4_294_967_295);
  if (wrong !== undefined) throw new ParameterError("uids", `"${wrong.slice(0, 50)}" is not the UID of a message`, index);
  return [...new Set(uids)].sort((one, other) => one - other);
}

function criteriaOf({ unseen, from, subject, since, text, custom }: Parameters, index: number): SearchObject {
  const parts: SearchObject[] = unseen ? [{ seen: false }] : [];
  for (const [name, value] of Object.entries({ from, subject, text })) {
    refuseControlCharacters(value, name, index);
    if (value.trim() !== "") parts.push({ [name]: value.trim() });
  }
  const reading = (field: string, read: () => SearchObject): void => {
    try {
      parts.push(read());
    } catch (error) {
      throw error instanceof ParameterError ? error : new ParameterError(field, (error as Error).message, index);
    }
  };
  if (since.trim() !== "") reading("since", () => ({ since: dayOf(since.trim(), "it") }));
  if (custom !== "" && custom !== null && custom !== undefined) {
    reading("custom", () => customCriteria(parseJson(custom, "custom", index)));
  }
  return parts.length === 0 ? { all: true } : all(parts);
}

async function itemOf(
  context: Context,
  server: MailServer,
  { attachments, prefix }: Parameters,
  mailbox: OpenMailbox,
  message: MessageSummary,
  withContents: boolean,
): Promise<Item> {
  const json = summaryJson(message, mailbox.path, mailbox.uidValidity);
  if (!withContents) return { json };
  const source = await server.source(message.uid, message.size);
  if (!source) throw new FatalError(`There is no message ${message.uid} in the mailbox "${mailbox.path}" any more`);
  const email = await parseMessage(source).catch((error: Error) => {
    throw new FatalError(`The message ${message.uid} can't be read: ${error.message}`, { cause: error });
  });
  const files = await attachmentFiles(attachments ? email : { attachments: [] }, prefix, context);
  return { json: contentsJson(email, json, files.list), ...(files.list.length > 0 && { binary: files.binary }) };
}

async function keepDraft(context: Context, server: MailServer, parameters: Parameters, item: Item, index: number): Promise<JsonObject> {
  const message = await buildDraft(context, parameters, item, index);
  let path = parameters.drafts.trim();
  if (path === "") path = (await server.mailboxes()).find(({ specialUse }) => specialUse === "\\Drafts")?.path ?? "";
  if (path === "") throw new ParameterError("drafts", "is empty, and the server does not say which mailbox is for drafts", index);
  const { uid } = await server.append(mailboxName(path, "drafts", index), message, ["\\Draft", "\\Seen"]);
  return { success: true, mailbox: path, uid };
}
