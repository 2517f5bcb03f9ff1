import { ParameterError } from "@/flow/execution/errors";

/** Names that people and other tools use, by the standard's. */
const STANDARD: Record<string, string> = {
  ascii: "windows-1252",
  binary: "latin1",
  latin1: "latin1",
  ucs2: "utf-16le",
  utf8: "utf-8",
  utf16: "utf-16le",
  utf16le: "utf-16le",
  utf16be: "utf-16be",
  shiftjis: "shift_jis",
  eucjp: "euc-jp",
  euckr: "euc-kr",
};

/** `win1252`, `ISO 8859-15`, `UTF-8` as the WHATWG's standard spells them. */
function standardName(encoding: string): string {
  const plain = encoding.toLowerCase().replace(/[^a-z0-9]/g, "");
  const [, windows] = /^(?:win|windows|cp)(125\d|874)$/.exec(plain) ?? [];
  const [, iso] = /^iso8859(\d{1,2})$/.exec(plain) ?? [];
  if (windows) return `windows-${windows}`;
  if (iso) return `iso-8859-${iso}`;
  return Object.hasOwn(STANDARD, plain) ? (STANDARD[plain] as string) : encoding;
}

/**
 * Text out of bytes. A byte order mark decides, and is left out unless it is to be kept.
 * @throws ParameterError for an encoding that is not known.
 */
export function decodeText(bytes: Uint8Array, encoding: string, itemIndex: number, keepMark = false): string {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
  try {
    return new TextDecoder(marked ?? standardName(encoding), { ignoreBOM: keepMark }).decode(bytes);
  } catch {
    throw new ParameterError("encoding", `"${encoding}" is not a text encoding that is known`, itemIndex);
  }
}

const WRITABLE: Record<string, BufferEncoding> = {
  "utf-8": "utf8",
  "utf-16le": "utf16le",
  latin1: "latin1",
  "iso-8859-1": "latin1",
  "windows-1252": "latin1",
};

/** @throws ParameterError for an encoding that can't be written. */
export function encodeText(text: string, encoding: string, itemIndex: number): Uint8Array {
  const name = WRITABLE[standardName(encoding)];
  if (name) return Buffer.from(text, name);
  throw new ParameterError("encoding", `text can't be written as "${encoding}": use utf8, utf16le or latin1`, itemIndex);
}
