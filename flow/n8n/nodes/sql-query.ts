import type { Json } from "../../item";

/** A query with its values beside it. */
export interface BoundQuery {
  query: string;
  /** In the order of the placeholders; templates among them. */
  parameters: Json[];
  /** How many expressions of the query became parameters. */
  bound: number;
  /** What could not be bound, since it stands where SQL takes no value. */
  left: string[];
}

/** Where an expression that begins at `at` ends: after its `}}`, quoted ones inside of it aside. */
function endOfExpression(text: string, at: number): number {
  let quote = "";
  for (let index = at + 2; index < text.length; index++) {
    const char = text[index] as string;
    if (quote !== "") {
      if (char === "\\") index++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'" || char === "`") quote = char;
    else if (char === "}" && text[index + 1] === "}") return index + 2;
  }
  return text.length;
}

/** Where a quoted part ends, expressions inside of it aside. */
function endOfQuoted(text: string, at: number): number {
  const quote = text[at];
  for (let index = at + 1; index < text.length; index++) {
    if (text.startsWith("{{", index)) index = endOfExpression(text, index) - 1;
    else if (text[index] === quote) {
      if (text[index + 1] !== quote) return index + 1;
      index++;
    }
  }
  return text.length;
}

/** The parts of a list with commas between them; those in expressions are none. */
export function splitValues(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith("{{", index)) index = endOfExpression(text, index) - 1;
    else if (text[index] === ",") {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return [...parts, text.slice(start).trim()].filter((part) => part !== "");
}

/**
 * A query that expressions are pasted into, as one that they are given beside: each, or the quoted text that it is in, becomes
 * a parameter.
 * @param text Without the `=` that it begins with.
 * @param given Values that the query refers to as `$1`, `$2`, …
 * @param marks `numbered`: `$1`; `marks`: `?`, each once.
 */
export function bindQuery(text: string, given: readonly Json[], marks: "numbered" | "marks"): BoundQuery {
  const parameters: Json[] = marks === "numbered" ? [...given] : [];
  const bound: BoundQuery = { query: "", parameters, bound: 0, left: [] };
  const bind = (template: string): void => {
    parameters.push(template);
    bound.bound++;
    bound.query += marks === "numbered" ? `$${parameters.length}` : "?";
  };
  for (let index = 0; index < text.length; ) {
    const rest = text.slice(index);
    const skipped = /^(--[^\n]*|\/\*[\s\S]*?\*\/)/.exec(rest)?.[0];
    const numbered = marks === "marks" ? /^\$(\d+)/.exec(rest) : null;
    const char = text[index] as string;
    let next = index + 1;
    if (skipped !== undefined) next = index + skipped.length;
    else if (numbered) next = index + numbered[0].length;
    else if (text.startsWith("{{", index)) next = endOfExpression(text, index);
    else if (char === "'" || char === '"' || char === "`") next = endOfQuoted(text, index);
    const piece = text.slice(index, next);
    index = next;
    if (numbered) {
      parameters.push(given[Number(numbered[1]) - 1] ?? null);
      bound.query += "?";
    } else if (piece.startsWith("{{")) bind(`=${piece}`);
    else if (piece.startsWith("'") && piece.includes("{{")) bind(`=${piece.slice(1, -1).replaceAll("''", "'")}`);
    else {
      if (piece.length > 1 && piece.includes("{{")) bound.left.push(piece.slice(0, 100));
      bound.query += piece;
    }
  }
  return bound;
}
