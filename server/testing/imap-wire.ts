import type { SearchToken } from "./imap-search";

export type Token = SearchToken;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (value: number): string => String(value).padStart(2, "0");
export const quoted = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : `{${Buffer.byteLength(text)}}\r\n${text}`;
export const internalDate = (at: Date): string =>
  `"${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${at.toISOString().slice(11, 19)} +0000"`;

/** The modified UTF-7 in which mailboxes are named. */
export const encodeName = (name: string): string =>
  name
    .replaceAll("&", "&-")
    .replace(
      /[^\x20-\x7e]+/g,
      (part) => `&${Buffer.from(part, "utf16le").swap16().toString("base64").replace(/=+$/, "").replaceAll("/", ",")}-`,
    );
export const decodeName = (name: string): string =>
  name.replace(/&([^-]*)-/g, (_, part: string) =>
    part === "" ? "&" : Buffer.from(part.replaceAll(",", "/"), "base64").swap16().toString("utf16le"),
  );

/** Tokens of a command whose literals stand in `literals`. */
export function tokensOf(text: string, literals: Buffer[]): Token[] {
  const stack: Token[][] = [[]];
  for (const match of text.matchAll(/\(|\)|"((?:\\.|[^"\\])*)"|⟦(\d+)⟧|[^\s()"]+/g)) {
    const top = stack.at(-1) as Token[];
    if (match[0] === "(") stack.push([]);
    else if (match[0] === ")") (stack.length > 1 ? (stack[stack.length - 2] as Token[]) : top).push(stack.pop() as Token[]);
    else if (match[1] !== undefined) top.push(match[1].replace(/\\(.)/g, "$1"));
    else if (match[2] !== undefined) top.push(literals[Number(match[2])]?.toString() ?? "");
    else top.push(match[0]);
  }
  return stack[0] ?? [];
}

export const headerOf = (source: Buffer, name: string): string | undefined => {
  const head = source.toString().split(/\r?\n\r?\n/)[0] ?? "";
  return new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, "mi").exec(head)?.[1]?.replace(/\r?\n[ \t]+/g, " ");
};

export function envelope(source: Buffer): string {
  const text = (name: string): string => {
    const value = headerOf(source, name);
    return value === undefined ? "NIL" : quoted(value);
  };
  const persons = (name: string): string => {
    const found = [...(headerOf(source, name) ?? "").matchAll(/(?:"?([^"<,]*?)"?\s*<)?([^<>,\s"]+)@([^<>,\s]+)>?/g)];
    if (found.length === 0) return "NIL";
    return `(${found.map(([, called, box = "", host = ""]) => `(${called ? quoted(called.trim()) : "NIL"} NIL ${quoted(box)} ${quoted(host)})`).join("")})`;
  };
  const [from, to, cc, bcc] = ["From", "To", "Cc", "Bcc"].map(persons);
  return `(${text("Date")} ${text("Subject")} ${from} ${from} ${from} ${to} ${cc} ${bcc} ${text("In-Reply-To")} ${text("Message-ID")})`;
}
