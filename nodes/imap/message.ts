import PostalMime, { type Address, type Email, type Mailbox } from "postal-mime";
import type { Binary, JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import type { MessageSummary } from "./client";

/** Of one message; more are left out, and counted. */
const MAX_ATTACHMENTS = 200;
const MAX_NESTING = 50;
const MAX_HEADER_BYTES = 256 * 1024;
/** Each line costs the reader, and each part much more; a file in base64 has a line for 78 bytes. */
const MAX_SHORT_LINES = 100_000;
const USUAL_LINE_BYTES = 60;
const MAX_PARTS = 10_000;

/** A message taken apart. */
export interface ParsedMessage extends Email {
  /** Attachments beyond the limit. */
  leftOut: number;
}

/** @throws Error for what is made to keep the reader busy: nested too deep, all headers, all parts, all ends of lines */
export async function parseMessage(source: Uint8Array): Promise<ParsedMessage> {
  refuseCostly(source);
  const email = await PostalMime.parse(source, {
    maxNestingDepth: MAX_NESTING,
    maxHeadersSize: MAX_HEADER_BYTES,
    attachmentEncoding: "arraybuffer",
    // A message in a message is a file of it.
    forceRfc822Attachments: true,
  });
  const attachments = email.attachments.slice(0, MAX_ATTACHMENTS);
  return { ...email, attachments, leftOut: email.attachments.length - attachments.length };
}

function refuseCostly(source: Uint8Array): void {
  const [newLine, hyphen] = [10, 45];
  let lines = 0;
  let parts = 0;
  for (let at = source.indexOf(newLine); at !== -1; at = source.indexOf(newLine, at + 1)) {
    lines++;
    if (source[at + 1] === hyphen && source[at + 2] === hyphen) parts++;
  }
  if (parts > MAX_PARTS) throw new Error(`it has more than ${MAX_PARTS} parts`);
  const most = MAX_SHORT_LINES + Math.floor(source.length / USUAL_LINE_BYTES);
  if (lines > most) throw new Error(`it has ${lines} lines, and for its size no more than ${most} are read`);
}

interface Person extends JsonObject {
  name: string;
  address: string;
}

/** Groups are their members. */
export const people = (addresses: readonly Address[] | undefined): Person[] =>
  (addresses ?? []).flatMap((each): Mailbox[] => (each.group ? each.group : [each])).map(({ name, address }) => ({ name, address }));

/** As headers have it: `Ada <ada@example.com>`. */
export const asText = (list: readonly Person[]): string =>
  list.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(", ");

/** What a list of messages shows of one. */
export function summaryJson(
  { uid, size, flags, envelope, internalDate }: MessageSummary,
  mailbox: string,
  uidValidity: string,
): JsonObject {
  const persons = (list: { name?: string | undefined; address?: string | undefined }[] | undefined): Person[] =>
    (list ?? []).map(({ name = "", address = "" }) => ({ name, address }));
  return {
    uid,
    mailbox,
    uidValidity,
    subject: envelope?.subject ?? "",
    from: persons(envelope?.from),
    to: persons(envelope?.to),
    cc: persons(envelope?.cc),
    date: isoDate(envelope?.date) ?? isoDate(internalDate),
    received: isoDate(internalDate),
    messageId: envelope?.messageId ?? null,
    inReplyTo: envelope?.inReplyTo ?? null,
    size: size ?? null,
    seen: flags?.has("\\Seen") ?? false,
    flagged: flags?.has("\\Flagged") ?? false,
    flags: [...(flags ?? [])],
  };
}

function isoDate(given: Date | string | undefined): string | null {
  const date = given === undefined ? new Date(Number.NaN) : new Date(given);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Values by name in lower case; those that come more than once are lists. */
function headersJson({ headers }: Pick<Email, "headers">): JsonObject {
  const values = new Map<string, string[]>();
  for (const { key, value } of headers) values.set(key, [...(values.get(key) ?? []), value]);
  return Object.fromEntries([...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? "") : list]));
}

/** A message's files, named by a prefix and their number. */
export async function attachmentFiles(
  { attachments }: Pick<Email, "attachments">,
  prefix: string,
  { writeBinary }: Pick<NodeContext, "writeBinary">,
): Promise<{ binary: Record<string, Binary>; list: JsonObject[] }> {
  const binary: Record<string, Binary> = {};
  const list: JsonObject[] = [];
  for (const [at, { filename, mimeType, content, disposition, contentId }] of attachments.entries()) {
    const bytes = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
    const fileName = plainName(filename ?? "");
    const file = `${prefix}${at}`;
    binary[file] = await writeBinary(bytes, { mimeType, ...(fileName && { fileName }) });
    list.push({
      file,
      fileName: fileName || null,
      mimeType,
      size: bytes.length,
      inline: disposition === "inline",
      contentId: contentId ?? null,
    });
  }
  return { binary, list };
}

/** A message with its contents, as far as it is more than what a list shows. */
export function contentsJson(email: ParsedMessage, listed: JsonObject, attachments: JsonObject[]): JsonObject {
  const replyTo = people(email.replyTo);
  return {
    ...listed,
    // Servers take headers apart less well than they might.
    subject: email.subject ?? listed.subject ?? "",
    from: email.from ? people([email.from]) : (listed.from ?? []),
    to: email.to ? people(email.to) : (listed.to ?? []),
    cc: email.cc ? people(email.cc) : (listed.cc ?? []),
    date: isoDate(email.date) ?? listed.date ?? null,
    replyTo: replyTo.length > 0 ? asText(replyTo) : null,
    text: email.text ?? null,
    html: email.html ?? null,
    headers: headersJson(email),
    attachments,
    ...(email.leftOut > 0 && { attachmentsLeftOut: email.leftOut }),
  };
}

/** A name, never a path: senders choose it. */
const plainName = (name: string): string =>
  [...(name.split(/[/\\]/).at(-1) ?? "")]
    .filter((char) => (char.codePointAt(0) ?? 0) >= 32 && char !== "\u007f")
    .join("")
    .slice(0, 255);
