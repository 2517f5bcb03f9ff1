import { FatalError } from "../execution/errors";
import type { Json, JsonObject } from "../item";
import { asText } from "./render";
import type { FileValue } from "./request-body";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const base64 = (bytes: Uint8Array): string => {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
};

export const toBase64Url = (text: string): string => base64(bytesOf(text)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const wrapped = (text: string): string => (text.match(/.{1,76}/g) ?? []).join("\r\n");

/** Text of a header beyond ASCII is said in encoded words of at most 75 characters. */
function encodedWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let chunk = "";
  for (const character of text) {
    if (bytesOf(chunk + character).length > 45) {
      words.push(chunk);
      chunk = "";
    }
    chunk += character;
  }
  return [...words, chunk].map((word) => `=?UTF-8?B?${base64(bytesOf(word))}?=`).join("\r\n ");
}

/** `Zoë <z@example.com>, b@example.com`: names are encoded, addresses stay. */
const encodedAddresses = (text: string): string =>
  text
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((address) => address.trim())
    .filter((address) => address !== "")
    .map((address) => {
      const [, name = "", mailbox] = /^(.*?)\s*(<[^<>]+>)$/.exec(address) ?? [];
      return mailbox === undefined || name === "" ? address : `${encodedWords(name)} ${mailbox}`;
    })
    .join(", ");

const listed = (value: Json | undefined): string => (Array.isArray(value) ? value.map(asText).join(", ") : asText(value));

interface Part {
  headers: string[];
  body: string;
}

const textPart = (type: string, text: string): Part => ({
  headers: [`Content-Type: ${type}; charset=utf-8`, "Content-Transfer-Encoding: base64"],
  body: wrapped(base64(bytesOf(text))),
});

const multipart = (kind: string, boundary: string, parts: Part[]): Part => ({
  headers: [`Content-Type: multipart/${kind}; boundary="${boundary}"`],
  body: `${parts.map(({ headers, body }) => `--${boundary}\r\n${headers.join("\r\n")}\r\n\r\n${body}\r\n`).join("")}--${boundary}--`,
});

function attachment({ bytes, fileName, mimeType }: FileValue): Part {
  const name = fileName.replace(/[\r\n"\\]/g, "_");
  const named = /^[\x20-\x7e]*$/.test(name)
    ? `filename="${name}"`
    : `filename="${name.replace(/[^\x20-\x7e]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`;
  return {
    headers: [
      `Content-Type: ${mimeType.replace(/[\r\n]/g, "")}`,
      "Content-Transfer-Encoding: base64",
      `Content-Disposition: attachment; ${named}`,
    ],
    body: wrapped(base64(bytes)),
  };
}

/**
 * A message as mail has it (RFC 5322): `to`, `cc`, `bcc`, `from` and `replyTo` as text or lists, `subject`, `text` and/or `html`,
 * `inReplyTo`, `references`, and `attachments`, names of inputs that are files. Sender and date are the service's to add.
 * @throws FatalError for an address or header with a line break in it
 */
export function emailMessage(given: JsonObject, files: Readonly<Record<string, FileValue>>, nonce: string): string {
  const headers: string[] = [];
  const add = (name: string, value: string, encode: (text: string) => string): void => {
    if (value.trim() === "") return;
    if (/[\r\n\0]/.test(value)) throw new FatalError(`The message's ${name} has a line break in it`);
    headers.push(`${name}: ${encode(value)}`);
  };
  for (const [name, field] of [
    ["From", "from"],
    ["To", "to"],
    ["Cc", "cc"],
    ["Bcc", "bcc"],
    ["Reply-To", "replyTo"],
  ] as const) {
    add(name, listed(given[field]), encodedAddresses);
  }
  add("Subject", asText(given.subject), encodedWords);
  add("In-Reply-To", asText(given.inReplyTo), String);
  add("References", listed(given.references), String);
  headers.push("MIME-Version: 1.0");
  const [text, html] = [asText(given.text), asText(given.html)];
  const bodies = [
    ...(text !== "" || html === "" ? [textPart("text/plain", text)] : []),
    ...(html === "" ? [] : [textPart("text/html", html)]),
  ];
  const [only] = bodies;
  const body = only && bodies.length === 1 ? only : multipart("alternative", `tolstoy-alternative-${nonce}`, bodies);
  const attached = (Array.isArray(given.attachments) ? given.attachments : []).flatMap((name) => {
    const file = typeof name === "string" && Object.hasOwn(files, name) ? files[name] : undefined;
    return file ? [attachment(file)] : [];
  });
  const whole = attached.length === 0 ? body : multipart("mixed", `tolstoy-mixed-${nonce}`, [body, ...attached]);
  return `${[...headers, ...whole.headers].join("\r\n")}\r\n\r\n${whole.body}\r\n`;
}
