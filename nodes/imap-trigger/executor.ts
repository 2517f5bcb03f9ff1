import type { SearchObject } from "imapflow";
import { z } from "zod";
import { isRetriable, ParameterError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import { executePoll, type NodePoll, type PollContext, type PollEvent } from "@/flow/node/poll";
import { MAX_MESSAGE_BYTES, type MailServer, type OpenMailbox } from "../imap/client";
import { all, customCriteria } from "../imap/criteria";
import { mailboxName } from "../imap/mailbox-names";
import { openFor } from "../imap/open";
import type { imapTrigger } from "./definition";
import { messageItem, unreadable } from "./formats";

type Parameters = z.infer<typeof imapTrigger.parameters>;
type Context = PollContext<Parameters>;

/** Messages of one poll; those after them are found by the next. */
const MOST_MESSAGES = 100;
const MOST_BYTES = 20 * 1024 * 1024;
const TIMEOUT_SECONDS = 60;
/** A slow server's messages are taken as far as they came in this time, so that each poll gets somewhere. */
const READING_MS = 60_000;

const cursorSchema = z.object({
  /** As long as the mailbox says the same, a UID means the same message. */
  uidValidity: z.string(),
  /** The last one that was looked at. */
  uid: z.number().int().min(0),
  /** What flows have for certain, and what is to be marked as read. */
  mark: z.array(z.number().int()),
});
type Cursor = z.infer<typeof cursorSchema>;

export const poll: NodePoll<Parameters> = async (context) => {
  const { parameters } = context;
  const path = mailboxName(parameters.mailbox, "mailbox");
  const criteria = criteriaOf(parameters.custom);
  const before = cursorSchema.nullable().catch(null).parse(context.cursor);
  const server = await openFor(context, { ...parameters, timeoutSeconds: TIMEOUT_SECONDS });
  try {
    const marked = before?.mark ?? [];
    const mailbox = await openMailbox(server, path, marked.length > 0, context);
    if (context.test) return { events: await newest(context, server, mailbox, criteria), cursor: null };
    if (before && before.uidValidity !== mailbox.uidValidity) {
      context.log("warn", `The mailbox "${path}" has new UIDs: what came in between is taken as seen`);
    }
    if (before?.uidValidity !== mailbox.uidValidity) return { events: [], cursor: cursor(mailbox, await lastUid(server, mailbox)) };
    await mark(server, marked, context);
    const found = (await server.search(all([{ uid: `${before.uid + 1}:*` }, criteria]))).filter((uid) => uid > before.uid);
    const { events, last } = await read(context, server, mailbox, found);
    // What matches no criterion has been looked at, too.
    const seen = last === undefined ? Math.max(before.uid, found.at(-1) ?? 0, (mailbox.uidNext || 1) - 1) : last;
    const toMark = parameters.postProcess === "read" ? events.map(({ uid }) => uid) : [];
    return { events: events.map(({ event }) => event), cursor: cursor(mailbox, seen, toMark) };
  } finally {
    server.close();
  }
};

export const execute = executePoll(poll);

const cursor = ({ uidValidity }: OpenMailbox, uid: number, mark: number[] = []): Json => ({ uidValidity, uid, mark }) satisfies Cursor;

function criteriaOf(custom: unknown): SearchObject {
  if (custom === "" || custom === null || custom === undefined) return { all: true };
  try {
    const given = typeof custom === "string" ? (JSON.parse(custom) as Json) : (custom as Json);
    return Array.isArray(given) && given.length === 0 ? { all: true } : customCriteria(given);
  } catch (error) {
    const { message } = error as Error;
    throw new ParameterError("custom", error instanceof SyntaxError ? `is not valid JSON: ${message}` : message);
  }
}

/** To write where something is to be marked and that is allowed. */
async function openMailbox(server: MailServer, path: string, toWrite: boolean, { log }: Context): Promise<OpenMailbox> {
  if (!toWrite) return server.open(path, "read");
  try {
    return await server.open(path, "write");
  } catch (error) {
    if (isRetriable(error as Error)) throw error;
    log("warn", `Messages are not marked as read: ${(error as Error).message}`);
    return server.open(path, "read");
  }
}

async function mark(server: MailServer, uids: readonly number[], { log, parameters }: Context): Promise<void> {
  if (uids.length === 0 || parameters.postProcess !== "read") return;
  try {
    await server.setFlag(uids, "\\Seen", true);
  } catch (error) {
    // A server that refuses it today does so tomorrow; what came meanwhile is more important.
    if (isRetriable(error as Error)) throw error;
    log("warn", `Messages are not marked as read: ${(error as Error).message}`);
  }
}

async function lastUid(server: MailServer, { uidNext, exists }: OpenMailbox): Promise<number> {
  if (uidNext > 0) return uidNext - 1;
  return exists > 0 ? ((await server.search({ all: true })).at(-1) ?? 0) : 0;
}

async function newest(context: Context, server: MailServer, mailbox: OpenMailbox, criteria: SearchObject): Promise<PollEvent[]> {
  const { events } = await read(context, server, mailbox, (await server.search(criteria)).slice(-1));
  return events.map(({ event }) => event);
}

/** @returns the last message that was looked at, where others are left for the next poll */
async function read(
  context: Context,
  server: MailServer,
  mailbox: OpenMailbox,
  found: readonly number[],
): Promise<{ events: { uid: number; event: PollEvent }[]; last?: number }> {
  const events: { uid: number; event: PollEvent }[] = [];
  const until = Date.now() + READING_MS;
  let bytes = 0;
  const summaries = await server.summaries(found.slice(0, MOST_MESSAGES));
  for (const summary of summaries) {
    const { uid, size = 0 } = summary;
    const isEnough = bytes + size > MOST_BYTES || Date.now() > until;
    if (events.length > 0 && isEnough) return { events, last: events.at(-1)?.uid ?? uid - 1 };
    const isTooLarge = size > MAX_MESSAGE_BYTES;
    const source = isTooLarge ? null : await server.source(uid, size);
    // It was there a moment ago: somebody has deleted it.
    if (!isTooLarge && !source) continue;
    bytes += source?.length ?? 0;
    const item = source
      ? await messageItem(summary, source, mailbox, context.parameters, context)
      : unreadable(summary, mailbox, `it has ${size} bytes, and more than ${MAX_MESSAGE_BYTES} are not read`);
    events.push({ uid, event: { id: `${mailbox.uidValidity}:${uid}`, item } });
  }
  const last = found.length > MOST_MESSAGES ? found[MOST_MESSAGES - 1] : undefined;
  return { events, ...(last !== undefined && { last }) };
}
