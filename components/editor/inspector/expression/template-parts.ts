import { splitTemplate } from "@/flow/expression/split";

export interface TemplatePart {
  from: number;
  to: number;
  /** It ends in `}}`. */
  closed: boolean;
}

/** Where the `{{ … }}` parts of a template without its leading `=` lie; an open one reaches to the end. */
export function templateParts(text: string): TemplatePart[] {
  try {
    return splitTemplate(`=${text}`).flatMap((part) =>
      part.kind === "code" ? [{ from: part.start - 3, to: part.start + part.code.length + 1, closed: true }] : [],
    );
  } catch {
    return guessParts(text);
  }
}

/** For text with a mistake in it, as text is while it is typed. */
function guessParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const from = text.indexOf("{{", at);
    if (from < 0) return parts;
    const end = closing(text, from + 2);
    parts.push({ from, to: end ?? text.length, closed: end !== null });
    if (end === null) return parts;
    at = end;
  }
}

/** The place after the `}}` that ends a part: not one inside of a string. */
function closing(text: string, start: number): number | null {
  let quote: string | null = null;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (quote) {
      if (char === "\\") index++;
      else if (char === quote) quote = null;
    } else if (char === '"' || char === "'" || char === "`") quote = char;
    else if (char === "}" && text[index + 1] === "}") return index + 2;
  }
  return null;
}

/** The source before the cursor when it stands inside of a part; null elsewhere. */
export function sourceBefore(text: string, cursor: number): string | null {
  const part = templateParts(text).find(({ from, to, closed }) => cursor >= from + 2 && cursor <= (closed ? to - 2 : to));
  return part ? text.slice(part.from + 2, cursor) : null;
}
