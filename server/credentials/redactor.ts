/** What stands in for a secret. */
export const REDACTED = "[redacted]";

/** Shorter ones are in everything. */
const SHORTEST = 4;
/** Shorter ones are words like others (a server's password): found where they stand by themselves, not within another word. */
const TELLING = 8;
const WORD = "[\\p{L}\\p{N}_]";
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const patternOf = (form: string): string => (form.length < TELLING ? `(?<!${WORD})${escaped(form)}(?!${WORD})` : escaped(form));

/** Whether a byte is of a letter or digit; those of other scripts are taken for such. */
const isWord = (byte: number | undefined): boolean => byte !== undefined && (byte >= 0x80 || /\w/.test(String.fromCharCode(byte)));

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** In a page or a document of XML, whichever way it spells an apostrophe. */
const inMarkup = (text: string, apostrophe: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? apostrophe);

/** A text as it may appear once it was encoded: in a URL, in JSON, in a page, as base64 at any offset, as hex. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  // Half a surrogate pair cannot be encoded, and appears in no URL.
  const uri = encodeURIComponent(secret.replaceAll(/[\uD800-\uDFFF]/gu, "\uFFFD"));
  const forms = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    uri,
    uri.replaceAll("%20", "+"),
    uri.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    uri.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
    ...["&#39;", "&apos;", "&#x27;", "'"].map((apostrophe) => inMarkup(secret, apostrophe)),
    new URLSearchParams([["", secret]]).toString().slice(1),
  ];
  if (bytes.length >= 8) {
    const hex = bytes.toString("hex");
    forms.push(hex, hex.toUpperCase());
    for (const offset of [0, 1, 2]) {
      // Characters at both ends depend on what stands beside it.
      const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64url");
      const start = offset === 0 ? 0 : offset + 1;
      const whole = Math.floor(((offset + bytes.length) * 8) / 6);
      const core = text.slice(start, whole);
      forms.push(core, core.replaceAll("-", "+").replaceAll("_", "/"));
    }
  }
  return forms;
}

/**
 * Takes secrets out of what a step gave, said or failed with. Knows the values that credentials supplied to one execution.
 * Without any it gives everything back untouched, at no cost.
 */
export class Redactor {
  private readonly secrets = new Set<string>();
  private forms: string[] = [];
  private pattern: RegExp | null = null;

  /** Values that are to be seen nowhere from now on. */
  add(values: Iterable<string>): void {
    let grown = false;
    for (const value of values) {
      if (value.length < SHORTEST || this.secrets.has(value)) continue;
      this.secrets.add(value);
      grown = true;
    }
    if (!grown) return;
    // The longest first: one may begin like another.
    this.forms = [...new Set([...this.secrets].flatMap(formsOf))].filter((form) => form.length >= SHORTEST);
    this.forms.sort((one, other) => other.length - one.length);
    const hasWords = this.forms.some((form) => form.length < TELLING);
    this.pattern = new RegExp(this.forms.map(patternOf).join("|"), hasWords ? "gu" : "g");
  }

  /** Whether a text holds a secret in any form. */
  finds(text: string): boolean {
    return this.forms.some((form) => text.includes(form));
  }

  /**
   * The value without secrets; the same value, down to its parts, where there are none. Errors are changed in place: they keep
   * what they are.
   */
  redact<T>(value: T): T {
    return this.pattern ? (this.clean(value, new Set()) as T) : value;
  }

  private clean(value: unknown, above: Set<object>): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null || above.has(value)) return value;
    if (value instanceof Uint8Array) return this.bytes(value);
    above.add(value);
    const cleaned =
      value instanceof Error ? this.error(value, above) : Array.isArray(value) ? this.list(value, above) : this.record(value, above);
    above.delete(value);
    return cleaned;
  }

  private text(text: string): string {
    return this.pattern && this.finds(text) ? text.replace(this.pattern, REDACTED) : text;
  }

  private list(list: unknown[], above: Set<object>): unknown[] {
    let copy: unknown[] | null = null;
    for (let index = 0; index < list.length; index++) {
      const cleaned = this.clean(list[index], above);
      if (cleaned === list[index]) continue;
      copy ??= [...list];
      copy[index] = cleaned;
    }
    return copy ?? list;
  }

  private record(record: object, above: Set<object>): object {
    let changed = false;
    const entries = Object.entries(record).map(([key, value]): [string, unknown] => {
      const entry: [string, unknown] = [this.text(key), this.clean(value, above)];
      changed ||= entry[0] !== key || entry[1] !== value;
      return entry;
    });
    return changed ? Object.fromEntries(entries) : record;
  }

  private error(error: Error, above: Set<object>): Error {
    for (const key of Object.getOwnPropertyNames(error)) {
      const held = error as unknown as Record<string, unknown>;
      const cleaned = this.clean(held[key], above);
      if (cleaned !== held[key]) Object.defineProperty(error, key, { value: cleaned, configurable: true, writable: true });
    }
    return error;
  }

  /** Files: the same length with the secret overwritten, so that what counts bytes still reads them. */
  private bytes(given: Uint8Array): Uint8Array {
    const buffer = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    let copy: Buffer | null = null;
    for (const form of this.forms) {
      const needle = Buffer.from(form);
      for (let at = buffer.indexOf(needle); at >= 0; at = buffer.indexOf(needle, at + needle.length)) {
        if (form.length < TELLING && (isWord(buffer[at - 1]) || isWord(buffer[at + needle.length]))) continue;
        copy ??= Buffer.from(buffer);
        copy.fill("*", at, at + needle.length);
      }
    }
    return copy ?? given;
  }
}
