import type { SearchObject } from "imapflow";
import type { Json } from "@/flow/item";

/** All of them together: a list has no such thing, so that what they share a name for is said the other way round. */
export function all(parts: readonly SearchObject[]): SearchObject {
  let sum: SearchObject = {};
  for (const part of parts) {
    const isApart = Object.keys(part).every((key) => !Object.hasOwn(sum, key));
    if (isApart) Object.assign(sum, part);
    else sum = { not: { or: [{ not: sum }, { not: part }] } };
  }
  return sum;
}

type Reader = (...values: Json[]) => SearchObject;

const text =
  (key: "from" | "to" | "cc" | "bcc" | "body" | "subject" | "text" | "keyword" | "unKeyword" | "uid"): Reader =>
  (value) => {
    if (typeof value !== "string" && typeof value !== "number") throw new Error(`${key.toUpperCase()} needs a text`);
    if (key === "uid" && !/^[\d:*,]+$/.test(String(value))) throw new Error('UID needs numbers, as "12,15:20"');
    return { [key]: String(value) };
  };
const size =
  (key: "larger" | "smaller"): Reader =>
  (value) => {
    const bytes = Number(value);
    if (!Number.isInteger(bytes) || bytes < 0) throw new Error(`${key.toUpperCase()} needs a number of bytes`);
    return { [key]: bytes };
  };
const date =
  (key: "before" | "on" | "since" | "sentBefore" | "sentOn" | "sentSince"): Reader =>
  (value) => ({ [key]: dayOf(value, key.toUpperCase()) });
const header: Reader = (name, value) => {
  if (typeof name !== "string" || !/^[!-9;-~]+$/.test(name)) throw new Error("HEADER needs the name of a header");
  return { header: { [name]: value === undefined || value === null || value === "" ? true : String(value) } };
};

/** The criteria of IMAP by their names there, which n8n uses too; those without values are truth values here. */
const FLAGS: Readonly<Record<string, SearchObject>> = {
  ALL: { all: true },
  ANSWERED: { answered: true },
  DELETED: { deleted: true },
  DRAFT: { draft: true },
  FLAGGED: { flagged: true },
  NEW: { recent: true, seen: false },
  OLD: { old: true },
  RECENT: { recent: true },
  SEEN: { seen: true },
  UNANSWERED: { answered: false },
  UNDELETED: { deleted: false },
  UNDRAFT: { draft: false },
  UNFLAGGED: { flagged: false },
  UNSEEN: { seen: false },
};
const VALUED: Readonly<Record<string, Reader>> = {
  BCC: text("bcc"),
  BODY: text("body"),
  CC: text("cc"),
  FROM: text("from"),
  KEYWORD: text("keyword"),
  SUBJECT: text("subject"),
  TEXT: text("text"),
  TO: text("to"),
  UID: text("uid"),
  UNKEYWORD: text("unKeyword"),
  LARGER: size("larger"),
  SMALLER: size("smaller"),
  BEFORE: date("before"),
  ON: date("on"),
  SINCE: date("since"),
  SENTBEFORE: date("sentBefore"),
  SENTON: date("sentOn"),
  SENTSINCE: date("sentSince"),
  HEADER: header,
};

/** Midnight of a day: IMAP knows no time. @throws Error for what is none */
export function dayOf(value: unknown, what: string): Date {
  const time = typeof value === "string" || typeof value === "number" ? new Date(value) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw new Error(`${what} needs a date, as "2026-01-31"`);
  // "May 20, 2010" is a day of whoever wrote it, "2010-05-20T…" an instant.
  const isLocal = typeof value === "string" && !/^\d{4}-\d\d-\d\d/.test(value);
  return isLocal
    ? new Date(Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()))
    : new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()));
}

/**
 * Criteria in the form that n8n takes: `["UNSEEN", ["FROM", "ada"], "!FLAGGED", ["OR", "SEEN", ["SINCE", "2026-01-31"]]]`, all of which must hold.
 * @throws Error that says which is not understood
 */
export function customCriteria(given: Json): SearchObject {
  if (!Array.isArray(given)) throw new Error('must be a list, like ["UNSEEN", ["FROM", "ada@example.com"]]');
  const [first, ...rest] = given;
  // One criterion with values, without the list around it.
  if (typeof first === "string" && rest.length > 0 && Object.hasOwn(VALUED, bare(first).name)) return criterion(given, 0);
  return all(given.map((part) => criterion(part, 0)));
}

const bare = (word: string): { name: string; negated: boolean } => {
  const negated = word.startsWith("!");
  return { name: (negated ? word.slice(1) : word).trim().toUpperCase(), negated };
};

function criterion(part: Json, depth: number): SearchObject {
  if (depth > 20) throw new Error("is nested too deep");
  const [word, ...values] = Array.isArray(part) ? part : [part];
  if (typeof word !== "string") throw new Error(`has no criterion in ${JSON.stringify(part).slice(0, 100)}`);
  const { name, negated } = bare(word);
  const found = ((): SearchObject => {
    if (name === "OR") {
      if (values.length !== 2) throw new Error("OR needs two criteria");
      return { or: values.map((value) => criterion(value, depth + 1)) };
    }
    if (Object.hasOwn(FLAGS, name)) return { ...FLAGS[name] };
    const read = Object.hasOwn(VALUED, name) ? VALUED[name] : undefined;
    if (!read) throw new Error(`has the criterion "${word.slice(0, 50)}", which IMAP does not know`);
    return read(...values);
  })();
  return negated ? { not: found } : found;
}
