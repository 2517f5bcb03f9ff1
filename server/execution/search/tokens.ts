import type { Item, Json } from "@/flow/item";

/** Distinct tokens of one execution: the trigger's items first, then what the steps gave. */
export const MOST_TOKENS = 192;
const LONGEST_VALUE = 200;
const DEEPEST = 12;

/** FNV-1a, 32 bits, signed as the database has it; goes on from what the text before gave. */
function hash(text: string, before = 0x811c9dc5): number {
  let value = before;
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return value | 0;
}

/** How values are compared: text without its case and its outer spaces, numbers as they are written. Null, and what is long, is not looked for. */
function comparable(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = value.trim().toLowerCase();
  return text === "" || text.length > LONGEST_VALUE ? null : text;
}

/** Tokens are an organization's own: the same value gives others elsewhere. */
export class TokenSet {
  private readonly tokens = new Set<number>();
  private readonly start: number;

  constructor(organizationId: string) {
    this.start = hash(`${organizationId}\n`);
  }

  get full(): boolean {
    return this.tokens.size >= MOST_TOKENS;
  }

  get values(): number[] {
    return [...this.tokens];
  }

  private add(token: string): void {
    if (!this.full) this.tokens.add(hash(token, this.start));
  }

  addItems(items: readonly Item[]): void {
    for (const { json } of items) {
      if (this.full) return;
      this.addValue(json, []);
    }
  }

  private addValue(value: Json | undefined, path: readonly string[]): void {
    if (this.full || path.length > DEEPEST || value === undefined) return;
    // The place in a list says nothing: `orders.id` is the id of any of them.
    if (Array.isArray(value)) for (const entry of value) this.addValue(entry, path);
    else if (typeof value === "object" && value !== null) {
      for (const [key, entry] of Object.entries(value)) this.addValue(entry, [...path, key.toLowerCase()]);
    } else {
      const text = comparable(value);
      if (text === null) return;
      // True and false alone are in everything.
      if (typeof value !== "boolean") this.add(`v:${text}`);
      const last = path.at(-1);
      if (last !== undefined) this.add(`k:${last}=${text}`);
      if (path.length > 1) this.add(`k:${path.join(".")}=${text}`);
    }
  }

  /** Adds the term of a search. */
  addTerm({ key, value }: SearchTerm): void {
    const text = comparable(value);
    if (text !== null) this.add(key === null ? `v:${text}` : `k:${key.toLowerCase()}=${text}`);
  }
}

export interface SearchTerm {
  /** A key, or a path of keys with dots; null: of any. */
  key: string | null;
  value: string;
}

/** `order_id = 123`, `customer.city: "New York"`, or a value alone; several are joined by `and`. */
export function parseSearch(text: string): SearchTerm[] {
  return text
    .split(/\s+and\s+/i)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, key = null, given = part] = /^([\w$-]+(?:\.[\w$-]+)*)\s*(?:==?|:(?!\/\/))\s*(.+)$/s.exec(part) ?? [];
      return { key, value: given.replace(/^(["'])(.*)\1$/s, "$2") };
    });
}

/** What an execution must have for a search to find it. */
export function searchTokens(organizationId: string, text: string): number[] {
  const tokens = new TokenSet(organizationId);
  for (const term of parseSearch(text)) tokens.addTerm(term);
  return tokens.values;
}
